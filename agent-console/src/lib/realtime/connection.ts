import { io, type Socket } from 'socket.io-client';
import { create } from 'zustand';
import type { ConsoleClientEvents, ConsoleServerEvents } from '../../../../src/contract/events';
import { useSessionEnded } from '../session';

export type ConsoleSocket = Socket<ConsoleServerEvents, ConsoleClientEvents>;

/** `live`: all that happened is shown. `catching-up`: connected, but something is still missing. */
export const useConnection = create<{ state: 'connecting' | 'catching-up' | 'live' | 'lost' }>(() => ({
  state: 'connecting',
}));

/** The one socket of this page; it says who we are with the session's cookie. */
export const socket: ConsoleSocket = io({ autoConnect: false, transports: ['websocket', 'polling'] });

socket.on('connect', () => useConnection.setState({ state: 'catching-up' }));
socket.on('disconnect', (reason) => {
  useConnection.setState({ state: 'lost' });
  // The server ended it (a sign-out, a changed password): trying again tells whether the session still stands.
  if (reason === 'io server disconnect') setTimeout(() => socket.connect(), 1_000);
});
socket.on('connect_error', (error) => {
  useConnection.setState({ state: 'lost' });
  if (error.message === 'unauthorized') useSessionEnded.setState({ ended: true });
});

export function reconnect(): void {
  socket.disconnect().connect();
}
