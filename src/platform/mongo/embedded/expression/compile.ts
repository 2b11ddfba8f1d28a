import { isDoc, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import { accumulatorOperators } from './accumulator-operators';
import { arithmeticOperators } from './arithmetic';
import { arrayOperators } from './arrays';
import { comparisonOperators } from './comparison';
import { conversionOperators } from './conversion';
import { dateOperators } from './dates';
import { objectOperators } from './objects';
import { pathOf } from './path';
import type { Evaluate, Operators } from './scope';
import { setOperators } from './sets';
import { stringOperators } from './strings';

const operators: Operators = {
  ...comparisonOperators,
  ...arithmeticOperators,
  ...arrayOperators,
  ...setOperators,
  ...objectOperators,
  ...stringOperators,
  ...conversionOperators,
  ...dateOperators,
  ...accumulatorOperators,
  $literal: (operand) => () => operand,
};

export const isExpressionOperator = (name: string): boolean => Object.hasOwn(operators, name);

/** An expression as a function. @throws StoreError for what is not known, before it is evaluated. */
export function compileExpression(expression: Value): Evaluate {
  if (typeof expression === 'string' && expression.startsWith('$')) return pathOf(expression);
  if (Array.isArray(expression)) return listOf(expression);
  return isDoc(expression) ? documentOf(expression) : () => expression;
}

/** In an array a missing value is null. */
function listOf(items: Value[]): Evaluate {
  const each = items.map(compileExpression);
  return (scope) => each.map((evaluate) => evaluate(scope) ?? null);
}

function documentOf(doc: Doc): Evaluate {
  const [first] = doc.keys();
  if (!first?.startsWith('$')) return fieldsOf(doc);
  if (doc.size !== 1)
    throw new StoreError(15983, 'An object representing an expression must have exactly one field');
  const operator = Object.hasOwn(operators, first) ? operators[first] : undefined;
  if (!operator) throw new StoreError(168, `Unrecognized expression '${first}'`);
  return operator(doc.get(first) as Value, compileExpression, first);
}

/** In a document a missing value leaves its field out. */
function fieldsOf(doc: Doc): Evaluate {
  const each = [...doc].map(([key, value]): [string, Evaluate] => {
    if (key.includes('.')) throw new StoreError(16405, `FieldPath field names may not contain '.': ${key}`);
    return [key, compileExpression(value)];
  });
  return (scope) => {
    const made: Doc = new Map();
    for (const [key, evaluate] of each) {
      const value = evaluate(scope);
      if (value !== undefined) made.set(key, value);
    }
    return made;
  };
}
