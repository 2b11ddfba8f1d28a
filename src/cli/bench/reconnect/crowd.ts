import { io, type Socket } from 'socket.io-client';
import type { ResumeAnswer, ServerEvent } from '../../../contract/events';
import { answerParent, nowMs } from '../processes/child';

export interface Crowd {
  url: string;
  /** One for each console. */
  tokens: string[];
  /** Ours catches up after it has come back; bare Socket.IO has nothing to catch up with. */
  resumes: boolean;
}
export interface Back {
  /** From when they tried again to when each was back and had caught up, in ms; NaN for those that are not. */
  backMs: Float64Array;
  /** Notes that were told while they were away, and that a console has not heard of. */
  missed: number;
}

interface Console {
  socket: Socket;
  cursor: number;
  backAtMs: number;
  heard: Set<string>;
}

/** How long all stay away; then all try at once. */
export const awayMs = 1_000;

/** Many consoles that lose their connections together, in a process of their own. */
let consoles: Console[] = [];
let cutAtMs = 0;

answerParent({
  async connect(crowd: Crowd) {
    consoles = [];
    // Not all at once: only coming back is measured.
    for (let at = 0; at < crowd.tokens.length; at += 50)
      await Promise.all(crowd.tokens.slice(at, at + 50).map((token, next) => open(crowd, token, at + next)));
  },
  cut() {
    cutAtMs = nowMs();
    for (const one of consoles) {
      one.backAtMs = NaN;
      one.heard.clear();
      one.socket.io.engine.close();
    }
  },
  async back({ texts, withinMs }: { texts: string[]; withinMs: number }): Promise<Back> {
    const deadline = nowMs() + withinMs;
    const isBack = ({ backAtMs, heard }: Console) => !Number.isNaN(backAtMs) && heard.size >= texts.length;
    while (!consoles.every(isBack) && nowMs() < deadline) await new Promise((wait) => setTimeout(wait, 20));
    const missedBy = ({ heard }: Console) => texts.filter((text) => !heard.has(text)).length;
    return {
      backMs: Float64Array.from(consoles, ({ backAtMs }) => backAtMs - cutAtMs - awayMs),
      missed: consoles.reduce((sum, one) => sum + missedBy(one), 0),
    };
  },
  leave: () => consoles.splice(0).forEach(({ socket }) => socket.disconnect()),
});

function open({ url, resumes }: Crowd, token: string, number: number): Promise<void> {
  const socket = io(url, {
    auth: { token },
    transports: ['websocket'],
    forceNew: true,
    reconnectionDelay: awayMs,
    randomizationFactor: 0,
    timeout: 60_000,
    // One address each, as behind a proxy: what one address may do is bounded.
    extraHeaders: { 'x-forwarded-for': `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}` },
  });
  const one: Console = { socket, cursor: 0, backAtMs: NaN, heard: new Set() };
  consoles.push(one);
  socket.on('event', (event: ServerEvent) => take(one, event));
  return new Promise((resolve, reject) => {
    socket.once('connect_error', reject);
    socket.on('connect', () => {
      resolve();
      if (resumes && one.cursor > 0) resume(one);
      else one.backAtMs = nowMs();
    });
  });
}

function resume(one: Console): void {
  one.socket.emit('resume', { cursor: one.cursor }, (answer: ResumeAnswer) => {
    if ('events' in answer) for (const event of answer.events) take(one, event);
    one.backAtMs = nowMs();
  });
}

/** What is told live and caught up with as well is shown once; `ready` says where the console stands. */
function take(one: Console, { seq, type, data }: Pick<ServerEvent, 'seq' | 'type' | 'data'>): void {
  const text = (data as { message?: { text?: string } }).message?.text;
  if (text !== undefined) one.heard.add(text);
  if ((type as string) !== 'ready' || one.cursor === 0) one.cursor = Math.max(one.cursor, seq);
}
