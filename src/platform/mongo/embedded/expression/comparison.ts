import { Int32 } from 'bson';
import { compare } from '../bson/compare';
import { isDoc, Undefined, type Value } from '../bson/value';
import { StoreError } from '../error';
import { compileList, isNothing, namedParts, overList } from './operands';
import { withNames, type Evaluate, type Operator, type Operators, type Scope } from './scope';
import { isTrue } from './truth';

/** What is missing stands below null. */
export const compareMaybe = (a: Value | undefined, b: Value | undefined, { environment }: Scope): number =>
  compare(a === undefined ? new Undefined() : a, b === undefined ? new Undefined() : b, environment.collate);

const compared = (outcome: (order: number) => Value): Operator =>
  overList(2, 2, ([a, b], scope) => outcome(compareMaybe(a, b, scope)));

export const comparisonOperators: Operators = {
  $eq: compared((order) => order === 0),
  $ne: compared((order) => order !== 0),
  $gt: compared((order) => order > 0),
  $gte: compared((order) => order >= 0),
  $lt: compared((order) => order < 0),
  $lte: compared((order) => order <= 0),
  $cmp: compared((order) => new Int32(Math.sign(order))),
  $and: (operand, compile) => {
    const each = compileList(operand, compile);
    return (scope) => each.every((evaluate) => isTrue(evaluate(scope)));
  },
  $or: (operand, compile) => {
    const each = compileList(operand, compile);
    return (scope) => each.some((evaluate) => isTrue(evaluate(scope)));
  },
  $not: overList(1, 1, ([value]) => !isTrue(value)),
  $ifNull: (operand, compile) => {
    const each = compileList(operand, compile);
    if (each.length < 2) throw new StoreError(1257300, '$ifNull needs at least two arguments');
    return (scope) => {
      for (const evaluate of each.slice(0, -1)) {
        const value = evaluate(scope);
        if (!isNothing(value)) return value;
      }
      return each.at(-1)?.(scope);
    };
  },
  $cond: (operand, compile) => {
    const parts = Array.isArray(operand) ? operand : condParts(operand);
    if (parts.length !== 3)
      throw new StoreError(
        16020,
        `Expression $cond takes exactly 3 arguments. ${parts.length} were passed in.`,
      );
    const [test, then, otherwise] = parts.map(compile) as [Evaluate, Evaluate, Evaluate];
    return (scope) => (isTrue(test(scope)) ? then(scope) : otherwise(scope));
  },
  $switch: (operand, compile) => {
    const parts = namedParts(operand, '$switch', ['branches'], ['default']);
    const branches = parts.get('branches');
    if (!Array.isArray(branches) || branches.length === 0)
      throw new StoreError(40068, '$switch requires at least one branch');
    const each = branches.map((branch) => {
      if (!isDoc(branch) || !branch.has('case') || !branch.has('then'))
        throw new StoreError(40067, "$switch requires each branch have a 'case' and a 'then'");
      return { test: compile(branch.get('case') as Value), then: compile(branch.get('then') as Value) };
    });
    const otherwise = parts.has('default') ? compile(parts.get('default') as Value) : null;
    return (scope) => {
      const branch = each.find(({ test }) => isTrue(test(scope)));
      if (branch) return branch.then(scope);
      if (otherwise) return otherwise(scope);
      throw new StoreError(40066, '$switch could not find a matching branch, and no default was specified.');
    };
  },
  $let: (operand, compile) => {
    const parts = namedParts(operand, '$let', ['vars', 'in'], []);
    const names = parts.get('vars');
    if (!isDoc(names)) throw new StoreError(16874, '$let vars must be an object');
    const each = [...names].map(([name, value]): [string, Evaluate] => [name, compile(value)]);
    const inner = compile(parts.get('in') as Value);
    return (scope) =>
      inner(
        withNames(
          scope,
          each.map(([name, evaluate]) => [name, evaluate(scope)]),
        ),
      );
  },
};

function condParts(operand: Value): Value[] {
  const parts = namedParts(operand, '$cond', ['if', 'then', 'else'], []);
  return ['if', 'then', 'else'].map((name) => parts.get(name) as Value);
}
