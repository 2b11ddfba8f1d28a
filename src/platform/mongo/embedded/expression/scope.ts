import type { Doc, Value } from '../bson/value';
import type { Environment } from '../query/environment';

/** What an expression can see: a document, variables by name, and the command's environment. */
export interface Scope {
  root: Value;
  names: ReadonlyMap<string, Value | undefined>;
  environment: Environment;
}
/** `undefined` is a missing value. */
export type Evaluate = (scope: Scope) => Value | undefined;
export type Compile = (expression: Value) => Evaluate;
/** Compiles the operand of one operator. */
export type Operator = (operand: Value, compile: Compile, name: string) => Evaluate;
export type Operators = Record<string, Operator>;

export const scopeOf = (root: Doc, environment: Environment): Scope => ({
  root,
  names: environment.variables,
  environment,
});

export const withNames = (scope: Scope, names: [string, Value | undefined][]): Scope => ({
  ...scope,
  names: new Map([...scope.names, ...names]),
});
