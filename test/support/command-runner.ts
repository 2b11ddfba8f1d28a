import { BSON, type Document } from 'bson';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from '../../src/platform/mongo/embedded/bson/decode';
import { encode } from '../../src/platform/mongo/embedded/bson/encode';
import { runCommand } from '../../src/platform/mongo/embedded/commands';
import type { CommandContext } from '../../src/platform/mongo/embedded/commands/command';
import { Cursors } from '../../src/platform/mongo/embedded/commands/cursors';
import { ServerState } from '../../src/platform/mongo/embedded/commands/server-state';
import { Turns } from '../../src/platform/mongo/embedded/commands/turns';
import { Engine } from '../../src/platform/mongo/embedded/storage/engine';
import { OneByOne } from '../../src/platform/work/one-by-one';

export interface CommandRunner {
  context: CommandContext;
  /** Carries out a command on the database `db`, and answers as a driver reads it. */
  run(body: Document): Promise<Document>;
  close(): Promise<void>;
}

export const clock = new Date('2024-05-01T12:00:00Z');

/** The commands over a store of their own, without a wire. */
export function commandRunner(): CommandRunner {
  const folder = mkdtempSync(join(tmpdir(), 'parley-commands-'));
  const engine = new Engine(folder);
  const turns = new Turns(() => engine.table.refresh());
  const cursors = new Cursors(() => clock.getTime(), turns);
  const state = new ServerState();
  const context = { engine, turns, cursors, state, indexBuilds: new OneByOne(), now: () => clock };
  return {
    context,
    run: async (body) => {
      const asked = decode(Buffer.from(BSON.serialize({ $db: 'db', ...body })));
      // The command's name stands first.
      const ordered = new Map([...asked].sort(([a], [b]) => Number(a === '$db') - Number(b === '$db')));
      return BSON.deserialize(encode(await runCommand(ordered, context)));
    },
    close: async () => {
      cursors.close();
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A store of its own for each test of a file. */
export function storeForEachTest() {
  let runner: CommandRunner;
  beforeEach(() => void (runner = commandRunner()));
  afterEach(() => runner.close());
  return { run: (body: Document) => runner.run(body), context: () => runner.context };
}
