import type { Doc, Value } from '../bson/value';
import { asStoreError, StoreError } from '../error';
import { Slices, type Pulse } from '../storage/slices';
import type { Command, CommandContext } from './command';
import { int } from './reply';

const mostStatements = 100_000;

/** What the statements of a batch have done so far. */
export interface Tally {
  n: number;
  nModified: number;
  upserted: Value[];
  errors: Value[];
}
/** Carries out one statement; a long one gives pulses, at which it may be interrupted. */
type Run = (statement: Doc, index: number, at: { tally: Tally; slices: Slices }) => Iterable<Pulse> | void;

/**
 * Statements one after the other, in slices. Each document changes whole or not at all; an ordered batch ends with its
 * first error. Where the store itself fails, what it had committed before stays and is counted.
 */
export async function runBatch(
  command: Command,
  { engine }: CommandContext,
  statements: Doc[],
  run: Run,
): Promise<Tally> {
  if (statements.length === 0 || statements.length > mostStatements)
    throw new StoreError(
      16,
      `Write batch sizes must be between 1 and ${mostStatements}. Got ${statements.length} operations.`,
    );
  const ordered = command.flag('ordered', true);
  const slices = new Slices(engine);
  const tally: Tally = { n: 0, nModified: 0, upserted: [], errors: [] };
  let next = 0;
  let committed: Mark | null = null;
  function* all(): Generator<Pulse, void> {
    while (next < statements.length) {
      try {
        const work = run(statements[next] as Doc, next, { tally, slices });
        if (work) yield* work;
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        tally.errors.push(writeError(next, error));
        if (ordered) return;
      }
      next++;
      yield null;
    }
  }
  try {
    await slices.run(all(), () => (committed = markOf(tally, next)));
  } catch (error) {
    if (!committed) throw error;
    return broken(tally, committed, { error: asStoreError(error), last: ordered ? 0 : statements.length });
  }
  return tally;
}

/** How far a batch had come when a slice was committed. */
interface Mark extends Record<keyof Tally, number> {
  next: number;
}
const markOf = ({ n, nModified, upserted, errors }: Tally, next: number): Mark => ({
  n,
  nModified,
  upserted: upserted.length,
  errors: errors.length,
  next,
});

/** What was committed, and an error for every statement that was to follow, or for the first of them. */
function broken(tally: Tally, mark: Mark, { error, last }: { error: StoreError; last: number }): Tally {
  const errors = tally.errors.slice(0, mark.errors);
  let index = mark.next;
  do errors.push(writeError(index, error));
  while (++index < last);
  return { n: mark.n, nModified: mark.nModified, upserted: tally.upserted.slice(0, mark.upserted), errors };
}

function writeError(index: number, error: StoreError): Doc {
  const fields = Object.entries(error.fields) as [string, Value][];
  return new Map<string, Value>([
    ['index', int(index)],
    ['code', int(error.code)],
    ['errmsg', error.message],
    ...fields,
  ]);
}
