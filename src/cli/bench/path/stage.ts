import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { privateUrl } from '../../../platform/mongo/embedded';
import type { BareOptions } from '../processes/bare-server';
import { Child } from '../processes/child';
import { build, built, Ours, type OursOptions } from '../processes/ours';
import type { Target } from './profiles';

/** One server under load: ours or the bare one. */
export interface Contestant {
  name: string;
  /** Whose CPU counts: the server, and what it cannot do without. */
  pids: number[];
  target: Target;
  /** The external ids of the customers' messages that its store holds. */
  stored(): Promise<Set<string>>;
}

/** Everything that a run needs, each in a process of its own, and a folder that goes away. */
export class Stage {
  readonly folder = mkdtempSync(join(tmpdir(), 'parley-bench-'));
  private readonly ends: (() => Promise<unknown>)[] = [];
  platform!: Child;
  platformUrl = '';
  generator!: Child;

  static async open(): Promise<Stage> {
    build();
    const stage = new Stage();
    stage.platform = stage.child('processes/platform.js');
    stage.generator = stage.child('processes/generator.js');
    stage.platformUrl = await stage.platform.ask<string>('listen');
    return stage;
  }

  child(file: string, env: Record<string, string> = {}): Child {
    const child = Child.start(built(file), env);
    this.later(() => child.end());
    return child;
  }

  /** What is ended at the end, last first. */
  later(end: () => Promise<unknown>): void {
    this.ends.push(end);
  }

  async ours(options: Omit<OursOptions, 'folder' | 'platformUrl'> = {}): Promise<Ours> {
    const ours = await Ours.start({ folder: this.folder, platformUrl: this.platformUrl, ...options });
    this.later(() => ours.end());
    return ours;
  }

  async bare(): Promise<Contestant> {
    const child = this.child('processes/bare-server.js');
    const dataDir = join(this.folder, 'bare');
    const secret = 'bench-bare-secret';
    const options: BareOptions = { dataDir, platformUrl: this.platformUrl, secret };
    const url = await child.ask<string>('start', options);
    return {
      name: 'bare',
      pids: [child.pid],
      target: { profile: 'bare', url, path: '/', secret },
      stored: () =>
        withStore(privateUrl(dataDir), async (client) => {
          const rows = client
            .db('bare')
            .collection<{ _id: string }>('inbox')
            .find()
            .project<{ _id: string }>({ _id: 1 });
          return new Set((await rows.toArray()).map(({ _id }) => _id.slice('tg:'.length)));
        }),
    };
  }

  async close(): Promise<void> {
    for (const end of this.ends.reverse()) await end().catch((error: unknown) => console.error(error));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** One account of ours as a contestant. */
export function contestantOf(
  ours: Ours,
  account: 'tg' | 'slow' | 'wx',
  storeUrl = embeddedUrl(ours),
): Contestant {
  const target = ours.target(account);
  return {
    name: `ours, ${target.profile}`,
    pids: [ours.child.pid],
    target,
    stored: () =>
      withStore(storeUrl, async (client) => {
        const rows = await client
          .db('parley')
          .collection('messages')
          .find({ accountId: account, externalId: { $type: 'string' }, author: 'contact' })
          .project<{ externalId: string }>({ _id: 0, externalId: 1 })
          .toArray();
        return new Set(rows.map(({ externalId }) => externalId));
      }),
  };
}

export const embeddedUrl = (ours: Ours): string => privateUrl(join(ours.dataDir, 'store'));

export async function withStore<T>(url: string, use: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = await MongoClient.connect(url);
  return use(client).finally(() => client.close());
}
