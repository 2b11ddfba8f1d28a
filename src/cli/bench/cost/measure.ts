import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cpuMsOf, threadCpuMsOf } from '../parts/cpu';
import { freshMessages, runLoad } from '../path/run';
import { contestantOf, embeddedUrl, withStore, type Stage } from '../path/stage';
import type { Planned } from '../path/conversations';
import { nowMs } from '../processes/child';
import type { Ours } from '../processes/ours';
import type { Counts } from '../processes/witness';
import { isClean } from '../path/audit';

/** What was used between two moments. */
export interface Use {
  tookMs: number;
  cpuMs: { main: number; store: number; other: number };
  commands: Map<string, number>;
  bytesOut: number;
  bytesIn: number;
}
export interface Cost extends Use {
  messages: number;
  /** What its files have grown by: documents, indexes and free pages. */
  storedBytes: number;
}

/** Everything that the server uses while `work` runs. */
export async function useOf(ours: Ours, work: () => Promise<unknown>): Promise<Use> {
  const { child } = ours;
  const threads = await child.ask<{ main: number; store: number }>('threads');
  const before = { ...(await takeStock(ours)), at: nowMs() };
  await work();
  const after = { ...(await takeStock(ours)), at: nowMs() };
  const cpu = (thread: number) => (after.threads.get(thread) ?? NaN) - (before.threads.get(thread) ?? 0);
  const [main, store] = [cpu(threads.main), threads.store > 0 ? cpu(threads.store) : 0];
  return {
    tookMs: after.at - before.at,
    cpuMs: { main, store, other: after.cpuMs - before.cpuMs - main - store },
    commands: difference(before.counts.commands, after.counts.commands),
    bytesOut: after.counts.bytesOut - before.counts.bytesOut,
    bytesIn: after.counts.bytesIn - before.counts.bytesIn,
  };
}

async function takeStock({ child }: Ours) {
  const counts = await child.ask<Counts>('counts');
  return { counts, cpuMs: cpuMsOf(child.pid), threads: threadCpuMsOf(child.pid) };
}

function difference(before: Record<string, number>, after: Record<string, number>): Map<string, number> {
  return new Map(
    Object.entries(after)
      .map(([name, count]) => [name, count - (before[name] ?? 0)] as const)
      .filter(([, count]) => count > 0),
  );
}

/** First messages of so many customers, then another of each. */
export function firstAndLater(customers: number): { first: Planned[]; later: Planned[] } {
  const both = freshMessages(customers * 2, { atOnce: customers, perUser: 2 });
  return { first: both.slice(0, customers), later: both.slice(customers) };
}

/** What these messages cost, sent at a rate, until the last reply and the last event are out. */
export async function costOf(
  stage: Stage,
  ours: Ours,
  { messages, perSecond }: { messages: Planned[]; perSecond: number },
): Promise<Cost> {
  const server = contestantOf(ours, 'tg');
  const bytesBefore = storedBytes(ours);
  const use = await useOf(ours, async () => {
    const load = { arrivals: 'constant' as const, perSecond, count: messages.length, messages };
    const result = await runLoad(stage, server, load);
    if (!isClean(result.audit)) throw new Error(`The audit failed: ${JSON.stringify(result.audit)}`);
    await relayed(ours);
  });
  return { ...use, messages: messages.length, storedBytes: storedBytes(ours) - bytesBefore };
}

/** Events still wait for the relay when the last reply is out. */
async function relayed(ours: Ours): Promise<void> {
  await withStore(embeddedUrl(ours), async (client) => {
    const conversations = client.db('parley').collection('conversations');
    for (let tries = 0; tries < 200; tries++) {
      if ((await conversations.countDocuments({ relayAt: { $type: 'date' } }, { limit: 1 })) === 0) return;
      await new Promise((wait) => setTimeout(wait, 50));
    }
  });
}

/** What the files of the embedded store take on the disk. */
function storedBytes({ dataDir }: Ours): number {
  const folder = join(dataDir, 'store');
  return readdirSync(folder)
    .map((name) => statSync(join(folder, name)))
    .reduce((sum, { blocks }) => sum + blocks * 512, 0);
}
