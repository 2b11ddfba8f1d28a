import type { Stored } from '../storage/collection';
import type { Pulse } from '../storage/slices';
import type { Matches } from './matcher';
import type { IndexPlan } from './planner';

/** A plan under way. */
export interface Runner {
  plan: IndexPlan;
  /** The documents that it reads, and pulses. */
  source: Generator<Stored | Pulse>;
  /** What it gives must be sorted: it is of use only when it has all. */
  mustEnd: boolean;
  /** Those that matched so far. */
  found: Stored[];
}

interface Course {
  matches: Matches;
  /** Counts the documents that were looked at. */
  examined: { docs: number };
  /** So many win. */
  wanted: number;
}

const firstLook = 10;
const mostSteps = 200;

/**
 * Of plans that may be the best, the one that finds most. They run side by side, a document each, until one has what is
 * wanted or has come to its end: the work is never more than so many times what the best of them does. Who falls behind
 * is out; after a while the one that has found most goes on alone. Null where nobody runs.
 */
export function* race(runners: Runner[], course: Course): Generator<Pulse, Runner | null> {
  let left = runners;
  for (let step = 1; left.length > 1 && step <= mostSteps; step++) {
    for (const one of left) {
      if (isAtGoal(one, course)) return one;
      yield null;
    }
    if (step >= firstLook) left = withoutLast(left, step);
  }
  return leaderOf(left);
}

/** Out is who has found less than half of what another has, or must read all where another finds one in five. */
function withoutLast(runners: Runner[], step: number): Runner[] {
  const most = Math.max(...runners.map(({ found, mustEnd }) => (mustEnd ? 0 : found.length)));
  return runners.filter(({ found, mustEnd }) => (mustEnd ? most * 5 < step : found.length * 2 >= most));
}

/** After one step more. */
function isAtGoal({ source, mustEnd, found }: Runner, { matches, examined, wanted }: Course): boolean {
  const { value: stored, done } = source.next();
  if (done) return true;
  if (stored) {
    examined.docs++;
    if (matches(stored.doc)) found.push(stored);
  }
  return !mustEnd && found.length >= wanted;
}

/** Who must read all, only where the others find nothing. Of equals the first. */
function leaderOf(runners: Runner[]): Runner | null {
  const worth = ({ mustEnd, found }: Runner) => (mustEnd ? 0.5 : found.length);
  return runners.reduce<Runner | null>((best, one) => (best && worth(best) >= worth(one) ? best : one), null);
}
