import { io, type Socket } from 'socket.io-client';
import { answerParent, nowMs } from '../processes/child';

export interface Crowd {
  url: string;
  token: string;
  count: number;
}
export interface Heard {
  heard: number;
  firstAtMs: number;
  lastAtMs: number;
}

/** Many open consoles in a process of their own; each notes when it hears of the message that is waited for. */
const sockets: Socket[] = [];
let awaited = '';
let heardAt: number[] = [];

answerParent({
  connect: ({ url, token, count }: Crowd) =>
    Promise.all(Array.from({ length: count }, () => connect(url, token))).then(() => undefined),
  arm(text: string) {
    awaited = text;
    heardAt = [];
  },
  async heard({ count, withinMs }: { count: number; withinMs: number }): Promise<Heard> {
    const deadline = nowMs() + withinMs;
    while (heardAt.length < count && nowMs() < deadline) await new Promise((wait) => setTimeout(wait, 5));
    const { length } = heardAt;
    return { heard: length, firstAtMs: Math.min(...heardAt), lastAtMs: Math.max(...heardAt) };
  },
  leave: () => void sockets.splice(0).forEach((socket) => socket.disconnect()),
});

function connect(url: string, token: string): Promise<void> {
  const socket = io(url, { auth: { token }, transports: ['websocket'], reconnection: false, forceNew: true });
  sockets.push(socket);
  socket.on('event', (event: { data?: { message?: { text?: string } } }) => {
    if (awaited !== '' && event.data?.message?.text === awaited) heardAt.push(nowMs());
  });
  return new Promise((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject));
}
