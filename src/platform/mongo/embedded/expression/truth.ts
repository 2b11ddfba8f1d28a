import { isNumber, toDouble, typeNumber, type Value } from '../bson/value';

/** What counts as true: everything but false, zero, null and what is not there. */
export const isTrue = (value: Value | undefined): boolean => {
  if (value === undefined || value === null || value === false) return false;
  return isNumber(value) ? toDouble(value) !== 0 : typeNumber(value) !== 6;
};
