import type { Connection } from 'mongoose';
import type { Inbound } from '../../src/domain/inbound';
import { connectMongo } from '../../src/platform/mongo/connection';
import { ManualClock } from './manual-clock';
import { breaks, clearStore, isDrained, readStore } from './path-oracle';
import { startNode, type PathNode } from './path-node';
import { PlatformStandIn } from './platform-stand-in';
import { freshDatabaseUrl } from './store';

export interface PathBench {
  witness: Connection;
  clock: ManualClock;
  platform: PlatformStandIn;
  /** What was acknowledged, and so must never be lost. */
  acknowledged: Inbound[];
  node(name: string, options?: { pauseAt?: number }): Promise<PathNode>;
  /** Takes it in as a webhook does: it counts as acknowledged once it is durable. */
  deliver(node: PathNode, inbound: Inbound): Promise<boolean>;
  /** Lets time pass until `fits`. */
  until(fits: () => boolean | Promise<boolean>): Promise<void>;
  drained(): Promise<void>;
  breaks(): Promise<string[]>;
}

/** The message path on one database, whose collections are emptied between scenes. */
export async function openPathBench() {
  const url = await freshDatabaseUrl();
  const witness = await connectMongo(url);
  const unused = { url, clock: new ManualClock(), platform: new PlatformStandIn() };
  await (await startNode({ ...unused, name: 'indexes', makesIndexes: true })).close();
  return {
    async scene(play: (bench: PathBench) => Promise<void>): Promise<void> {
      await clearStore(witness);
      const { bench, close } = openScene(url, witness);
      await play(bench).finally(close);
    },
    async close() {
      await witness.dropDatabase();
      await witness.close();
    },
  };
}

function openScene(url: string, witness: Connection) {
  const clock = new ManualClock(new Date().toISOString());
  const platform = new PlatformStandIn();
  const nodes: PathNode[] = [];
  const acknowledged: Inbound[] = [];
  const arrivals = new Map<string, number>();
  const bench: PathBench = {
    witness,
    clock,
    platform,
    acknowledged,
    async node(name, options = {}) {
      const node = await startNode({ url, clock, platform, name, ...options });
      nodes.push(node);
      node.pipeline.start();
      node.relay.start();
      return node;
    },
    async deliver(node, inbound) {
      if (!arrivals.has(inbound.id)) arrivals.set(inbound.id, acknowledged.length);
      try {
        await node.accept(inbound);
      } catch {
        return false;
      }
      acknowledged.push(inbound);
      return true;
    },
    async until(fits) {
      const deadline = Date.now() + 60_000;
      for (let round = 0; Date.now() < deadline; round++) {
        if (round % 10 === 0 && (await fits())) return;
        await passTime(clock, nodes);
      }
      throw new Error(`It did not come about: ${(await bench.breaks()).join('; ')}`);
    },
    drained: () => bench.until(async () => isDrained(await readStore(witness))),
    breaks: async () => breaks(await readStore(witness), acknowledged, platform, arrivals),
  };
  const close = async () => {
    for (const node of nodes) await node.close();
  };
  return { bench, close };
}

/** Time passes slowly while something is under way, so that a slow disk does not outrun leases; quickly while all wait. */
export async function passTime(clock: ManualClock, nodes: PathNode[]): Promise<void> {
  clock.advance(nodes.some(({ failpoints }) => failpoints.inFlight > 0) ? 5 : 100);
  await new Promise((resume) => setImmediate(resume));
}
