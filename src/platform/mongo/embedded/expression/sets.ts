import { compare, equal } from '../bson/compare';
import type { Value } from '../bson/value';
import { array } from './arrays';
import { overList, overPresent } from './operands';
import type { Operators, Scope } from './scope';
import { isTrue } from './truth';

export const setOperators: Operators = {
  $setUnion: overPresent(0, Infinity, (lists, scope) =>
    unique(
      lists.flatMap((list) => array(list, '$setUnion', 17043)),
      scope,
    ),
  ),
  $setIntersection: overPresent(0, Infinity, (lists, scope) => {
    const [first = [], ...others] = lists.map((list) => array(list, '$setIntersection', 17047));
    return unique(
      first.filter((item) => others.every((other) => has(other, item, scope))),
      scope,
    );
  }),
  $setDifference: overPresent(2, 2, ([left, right], scope) => {
    const gone = array(right, '$setDifference', 17049);
    return unique(
      array(left, '$setDifference', 17048).filter((item) => !has(gone, item, scope)),
      scope,
      false,
    );
  }),
  $setIsSubset: overList(2, 2, ([left, right], scope) => {
    const all = array(right, '$setIsSubset', 17046);
    return array(left, '$setIsSubset', 17046).every((item) => has(all, item, scope));
  }),
  $setEquals: overList(2, Infinity, (lists, scope) => {
    const [first = [], ...others] = lists.map((list) => array(list, '$setEquals', 17044));
    return others.every(
      (other) =>
        other.every((item) => has(first, item, scope)) && first.every((item) => has(other, item, scope)),
    );
  }),
  $anyElementTrue: overList(1, 1, ([list]) => array(list, '$anyElementTrue', 17041).some(isTrue)),
  $allElementsTrue: overList(1, 1, ([list]) => array(list, '$allElementsTrue', 17040).every(isTrue)),
};

const has = (list: Value[], wanted: Value, { environment }: Scope): boolean =>
  list.some((item) => equal(item, wanted, environment.collate));

/** Each once; sorted, as MongoDB's sets come. */
function unique(items: Value[], { environment }: Scope, isSorted = true): Value[] {
  const kept: Value[] = [];
  const order = (a: Value, b: Value) => compare(a, b, environment.collate);
  if (!isSorted) return items.filter((item, at) => !items.slice(0, at).some((one) => order(one, item) === 0));
  for (const item of [...items].sort(order))
    if (kept.length === 0 || order(kept.at(-1) as Value, item) !== 0) kept.push(item);
  return kept;
}
