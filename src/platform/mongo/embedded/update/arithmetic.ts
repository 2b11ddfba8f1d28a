import { add, multiply, type Numeric } from '../bson/arithmetic';
import { isNumber, type Value } from '../bson/value';
import { StoreError } from '../error';

type Operation = (a: Numeric, b: Numeric) => Numeric | null;

/** Arithmetic on a field: other types and an overflow are errors, the document stays as it is. */
const onField =
  (name: string, operation: Operation) =>
  (current: Value, operand: Value): Value => {
    if (!isNumber(current) || !isNumber(operand))
      throw new StoreError(14, `Cannot apply ${name} to a value of non-numeric type`);
    const result = operation(current, operand);
    if (result === null)
      throw new StoreError(2, `Failed to apply ${name} operations to current value: overflow`);
    return result;
  };

export const increment = onField('$inc', add);
export const multiplyBy = onField('$mul', multiply);
