import type { Value } from '../bson/value';
import { compileList } from './operands';
import { simpleAccumulators } from './accumulators';
import type { Operator, Operators } from './scope';

/** Over the items of one array, or over the values of several expressions. */
const overItems: Operator = (operand, compile, name) => {
  const each = compileList(operand, compile);
  return (scope) => {
    const values = each.map((evaluate) => evaluate(scope));
    const [only] = values;
    const items: (Value | undefined)[] = values.length === 1 && Array.isArray(only) ? only : values;
    const running = simpleAccumulators[name]?.(scope.environment);
    for (const item of items) running?.add(item);
    return running?.result();
  };
};

/** Accumulators that are expressions too. */
export const accumulatorOperators: Operators = {
  $sum: overItems,
  $avg: overItems,
  $min: overItems,
  $max: overItems,
  $stdDevPop: overItems,
  $stdDevSamp: overItems,
};
