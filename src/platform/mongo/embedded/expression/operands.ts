import { isDoc, isNumber, toDouble, typeAliases, typeNumber, type Value } from '../bson/value';
import { StoreError } from '../error';
import type { Compile, Evaluate, Operator, Scope } from './scope';

type Values = (Value | undefined)[];

/** An operator over the values of a list of expressions; one that is no list is the only one. */
export function overList(
  least: number,
  most: number,
  apply: (values: Values, scope: Scope, name: string) => Value | undefined,
): Operator {
  return (operand, compile, name) => {
    const each = compileList(operand, compile);
    requireCount(name, each.length, least, most);
    return (scope) =>
      apply(
        each.map((evaluate) => evaluate(scope)),
        scope,
        name,
      );
  };
}

export const compileList = (operand: Value, compile: Compile): Evaluate[] =>
  (Array.isArray(operand) ? operand : [operand]).map(compile);

function requireCount(name: string, count: number, least: number, most: number): void {
  if (count >= least && count <= most) return;
  if (least === most)
    throw new StoreError(
      16020,
      `Expression ${name} takes exactly ${least} arguments. ${count} were passed in.`,
    );
  throw new StoreError(
    28667,
    `Expression ${name} takes at least ${least} arguments, and at most ${most}, but ${count} were passed in.`,
  );
}

export const overOne = (
  apply: (value: Value | undefined, scope: Scope, name: string) => Value | undefined,
): Operator => overList(1, 1, ([value], scope, name) => apply(value, scope, name));

/** As `overList`; null or nothing among the values makes null. */
export const overPresent = (
  least: number,
  most: number,
  apply: (values: Value[], scope: Scope, name: string) => Value | undefined,
): Operator =>
  overList(least, most, (values, scope, name) =>
    values.some(isNothing) ? null : apply(values as Value[], scope, name),
  );

export const isNothing = (value: Value | undefined): value is null | undefined =>
  value === undefined || value === null || typeNumber(value) === 6;

/** An operator that takes a document of named expressions. Missing ones are left out. */
export function overNamed(
  required: string[],
  optional: string[],
  apply: (values: Record<string, Value | undefined>, scope: Scope, name: string) => Value | undefined,
): Operator {
  return (operand, compile, name) => {
    const parts = namedParts(operand, name, required, optional);
    const each = [...parts].map(([key, part]): [string, Evaluate] => [key, compile(part)]);
    return (scope) =>
      apply(Object.fromEntries(each.map(([key, evaluate]) => [key, evaluate(scope)])), scope, name);
  };
}

export function namedParts(
  operand: Value,
  name: string,
  required: string[],
  optional: string[],
): Map<string, Value> {
  if (!isDoc(operand)) throw new StoreError(9, `${name} only supports an object as its argument`);
  const unknown = [...operand.keys()].find((key) => !required.includes(key) && !optional.includes(key));
  if (unknown) throw new StoreError(9, `Unrecognized argument to ${name}: ${unknown}`);
  const missing = required.find((key) => !operand.has(key));
  if (missing) throw new StoreError(9, `Missing '${missing}' parameter to ${name}`);
  return operand;
}

export function wholeNumber(value: Value | undefined, complaint: StoreError): number {
  const number = isNumber(value) ? toDouble(value) : NaN;
  if (!Number.isInteger(number)) throw complaint;
  return number;
}

const namesByType = new Map(
  Object.entries(typeAliases).flatMap(([name, types]) =>
    types.length === 1 ? [[types[0], name] as const] : [],
  ),
);
export const typeName = (value: Value | undefined): string =>
  value === undefined ? 'missing' : (namesByType.get(typeNumber(value)) ?? 'object');
