import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Doc, Value } from '../../../../../../src/platform/mongo/embedded/bson/value';
import { Engine } from '../../../../../../src/platform/mongo/embedded/storage/engine';
import { addIndex } from '../../../../../support/add-index';

let folder: string;
let engine: Engine;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-unique-'));
  engine = new Engine(folder);
});
afterEach(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const map = (fields: Record<string, Value>): Doc => new Map(Object.entries(fields));
const keyOf = fc.oneof(fc.integer({ min: 0, max: 30 }), fc.constantFrom<Value>('a', 'b', null));
interface Change {
  kind: 'insert' | 'replace' | 'remove';
  which: number;
  key: Value;
}
interface Step {
  changes: Change[];
  isUndone: boolean;
}
const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom<Change['kind'][]>('insert', 'insert', 'insert', 'replace', 'remove'),
  which: fc.nat({ max: 20 }),
  key: fc.oneof(keyOf, fc.array(keyOf, { maxLength: 3 })),
});
/** Some changes in one step, which is undone when it says so, or when one of them is refused. */
const step: fc.Arbitrary<Step> = fc.record({
  changes: fc.array(change, { minLength: 1, maxLength: 4 }),
  isUndone: fc.boolean(),
});
const opening = fc.constant('open again' as const);

/** Found by this test: the last key was looked up while the one behind it was gone for a moment. */
const undoneRemoval: (Step | 'open again')[] = [
  { changes: [{ kind: 'insert', which: 0, key: 'a' }], isUndone: false },
  { changes: [{ kind: 'insert', which: 0, key: [] }], isUndone: true },
  { changes: [{ kind: 'remove', which: 0, key: [] }, { kind: 'insert', which: 0, key: [] }], isUndone: true },
  { changes: [{ kind: 'insert', which: 0, key: 'a' }], isUndone: false },
]; // prettier-ignore

const textsOf = (key: Value): string[] =>
  (Array.isArray(key) && key.length > 0 ? key : [key]).map((one) => JSON.stringify(one));

test.each([1, -1])(
  'a unique index in the direction %i refuses what is there, and nothing else',
  async (direction) => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ arbitrary: step, weight: 9 }, opening), { maxLength: 12 }),
        async (steps) => {
          const name = `shop.c${++runs}`;
          const spec = map({ key: map({ k: direction }), name: 'k', unique: true });
          await engine.table.transaction(() => addIndex(engine, engine.ensure(name), spec));
          let known = new Map<number, Value>();
          let nextId = 0;
          for (const one of steps) {
            if (one === 'open again') {
              await engine.close();
              engine = new Engine(folder);
              continue;
            }
            const next = new Map(known);
            const done = engine.table.transaction(() => {
              for (const { kind, which, key } of one.changes) {
                const collection = engine.ensure(name);
                const all = [...collection.scan()];
                const stored = all[which % Math.max(1, all.length)];
                const id = kind === 'insert' || !stored ? nextId++ : Number(stored.doc.get('_id'));
                const isTaken = [...next].some(
                  ([other, has]) => other !== id && textsOf(has).some((text) => textsOf(key).includes(text)),
                );
                const work = () => {
                  if (kind === 'insert' || !stored) collection.insert(map({ _id: id, k: key }));
                  else if (kind === 'replace') collection.replace(stored, map({ _id: id, k: key }));
                  else collection.remove(stored);
                };
                if (kind !== 'remove' && isTaken) {
                  expect(work).toThrow(expect.objectContaining({ code: 11000 }));
                  throw new RangeError('refused');
                }
                work();
                if (kind === 'remove' && stored) next.delete(id);
                else next.set(id, key);
              }
              if (one.isUndone) throw new RangeError('undone');
            });
            await done.then(
              () => (known = next),
              (error: unknown) => expect(error).toBeInstanceOf(RangeError),
            );
            const kept = [...(engine.get(name)?.scan() ?? [])].map(({ doc }) => Number(doc.get('_id')));
            expect(kept.sort((a, b) => a - b)).toEqual([...known.keys()].sort((a, b) => a - b));
          }
        },
      ),
      { numRuns: 150, examples: [[undoneRemoval]] },
    );
  },
);
