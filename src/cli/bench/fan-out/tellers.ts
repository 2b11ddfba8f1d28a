import { runLoad } from '../path/run';
import { contestantOf, type Stage } from '../path/stage';
import { Api } from '../processes/api';
import { nowMs } from '../processes/child';
import type { Ours } from '../processes/ours';

/** One who tells an event to all the consoles that are open. */
export interface Teller {
  name: string;
  url: string;
  token: string;
  /** Answers when it began. */
  tell(text: string): Promise<number>;
  /** What it keeps alive, after a collection. */
  keptBytes(): Promise<number>;
  pid: number;
}
/** Ours, where an event is a note that an agent writes, and a bare Socket.IO that broadcasts the same. */
export async function tellersOf(stage: Stage, server: Ours): Promise<[Teller, Teller]> {
  const api = await Api.signIn(server);
  stage.later(() => api.close());
  await runLoad(stage, contestantOf(server, 'tg'), { arrivals: 'constant', perSecond: 10, count: 1 });
  const { items } = await api.get<{ items: { id: string }[] }>('/conversations');
  const conversationId = items[0]?.id ?? '';
  const ours: Teller = {
    name: 'ours',
    pid: server.child.pid,
    url: server.url,
    token: api.token,
    async tell(text) {
      const at = nowMs();
      await api.post(`/conversations/${conversationId}/notes`, { text });
      return at;
    },
    keptBytes: () => server.child.ask('kept'),
  };
  return [ours, await bareTeller(stage, await anEvent(api))];
}

/** The event of a note, as consoles get it. */
async function anEvent(api: Api): Promise<{ data: { message: { text: string } } }> {
  for (let tries = 0; tries < 100; tries++) {
    const { items } = await api.get<{ items: { type: string }[] }>('/events?cursor=0&limit=100');
    const found = items.find(({ type }) => type === 'message:created');
    if (found) return found as never;
    await new Promise((wait) => setTimeout(wait, 50));
  }
  throw new Error('No event came.');
}

async function bareTeller(stage: Stage, event: { data: { message: { text: string } } }): Promise<Teller> {
  const child = stage.child('fan-out/bare-sockets.js');
  return {
    name: 'bare Socket.IO',
    pid: child.pid,
    url: await child.ask<string>('listen'),
    token: '',
    tell: (text) =>
      child.ask('emit', { ...event, data: { ...event.data, message: { ...event.data.message, text } } }),
    keptBytes: () => child.ask('kept'),
  };
}
