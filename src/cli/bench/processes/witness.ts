import { Session } from 'node:inspector/promises';
import net, { type Socket } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { readlinkSync, writeFileSync } from 'node:fs';
import { BroadcastChannel, isMainThread } from 'node:worker_threads';
import { writeHeapSnapshot } from 'node:v8';
import { MongoClient, type CommandStartedEvent } from 'mongodb';
import { keptBytes } from '../parts/heap';
import { answerParent } from './child';

/**
 * Loaded before the built server (`node --require`), in its main thread and in its store's: counts what is asked of the
 * store and profiles, without a line of it in the server itself.
 */
export interface Counts {
  /** `update conversations` → how often. */
  commands: Record<string, number>;
  /** Over the store's sockets. */
  bytesOut: number;
  bytesIn: number;
  rssBytes: number;
  heapBytes: number;
  /** By how much timers were late. */
  loopP99Ms: number;
}

const loopEveryMs = 10;

const between = new BroadcastChannel('parley-bench');
const session = new Session();
/** `/proc/thread-self` leads to `<pid>/task/<thread>`. */
const threadId = (): number => {
  try {
    return Number(readlinkSync('/proc/thread-self').split('/').at(-1));
  } catch {
    return -1;
  }
};

if (isMainThread) watchMain();
else watchStore();

function watchMain(): void {
  const commands = new Map<string, number>();
  const sockets = new Set<Socket>();
  const loop = monitorEventLoopDelay({ resolution: loopEveryMs });
  loop.enable();
  let storeThread = -1;
  between.onmessage = (event) => {
    const { data } = event as unknown as { data: { thread?: number } };
    if (data.thread !== undefined) storeThread = data.thread;
  };
  (between as unknown as { unref(): void }).unref();
  if (process.env['PARLEY_BENCH_COUNT']) {
    countCommands(commands);
    noteStoreSockets(sockets);
  }
  answerParent(
    {
      threads: () => ({ main: threadId(), store: storeThread }),
      counts(): Counts {
        const all = [...sockets];
        const { rss, heapUsed } = process.memoryUsage();
        // It counts the time between two timers.
        const loopP99Ms = Math.max(0, loop.percentile(99) / 1e6 - loopEveryMs);
        loop.reset();
        return {
          commands: Object.fromEntries(commands),
          bytesOut: all.reduce((sum, socket) => sum + socket.bytesWritten, 0),
          bytesIn: all.reduce((sum, socket) => sum + socket.bytesRead, 0),
          rssBytes: rss,
          heapBytes: heapUsed,
          loopP99Ms,
        };
      },
      kept: () => keptBytes(),
      snapshot: (file: string) => writeHeapSnapshot(file),
      async 'profile:start'() {
        between.postMessage({ start: true });
        await startProfile();
      },
      async 'profile:stop'(folder: string) {
        between.postMessage({ stop: folder });
        await stopProfile(`${folder}/main.cpuprofile`);
      },
    },
    { endsWithParent: false },
  );
}

function watchStore(): void {
  between.postMessage({ thread: threadId() });
  between.onmessage = (event) => {
    const { data } = event as unknown as { data: { start?: boolean; stop?: string } };
    if (data.start) void startProfile();
    if (data.stop) void stopProfile(`${data.stop}/store.cpuprofile`);
  };
  (between as unknown as { unref(): void }).unref();
}

function countCommands(commands: Map<string, number>): void {
  const connect = MongoClient.prototype.connect;
  MongoClient.prototype.connect = function (this: MongoClient) {
    (this as unknown as { monitorCommands: boolean }).monitorCommands = true;
    this.on('commandStarted', (event: CommandStartedEvent) => {
      const of = event.command[event.commandName] as unknown;
      const collection = event.commandName === 'getMore' ? (event.command['collection'] as string) : of;
      const key = `${event.commandName} ${typeof collection === 'string' ? collection : ''}`.trim();
      commands.set(key, (commands.get(key) ?? 0) + 1);
    });
    return connect.call(this);
  };
}

/** The driver's sockets: whatever is opened from a file of the driver. */
function noteStoreSockets(sockets: Set<Socket>): void {
  const open = net.createConnection.bind(net) as (...args: unknown[]) => Socket;
  (net as { createConnection: unknown }).createConnection = (...args: unknown[]) => {
    const socket = open(...args);
    if (new Error().stack?.includes('/mongodb/lib/')) sockets.add(socket);
    return socket;
  };
}

async function startProfile(): Promise<void> {
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 500 });
  await session.post('Profiler.start');
}

async function stopProfile(file: string): Promise<void> {
  const { profile } = await session.post('Profiler.stop');
  writeFileSync(file, JSON.stringify(profile));
  session.disconnect();
}
