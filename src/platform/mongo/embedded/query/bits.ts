import type { Binary } from 'bson';
import { isNumber, toDouble, typeNumber, type Value } from '../bson/value';
import { StoreError } from '../error';
import type { Matches } from './matcher';
import { someCandidateAt } from './path';

const tests: Record<string, (value: bigint, mask: bigint) => boolean> = {
  $bitsAllSet: (value, mask) => (value & mask) === mask,
  $bitsAllClear: (value, mask) => (value & mask) === 0n,
  $bitsAnySet: (value, mask) => (value & mask) !== 0n,
  $bitsAnyClear: (value, mask) => (value & mask) !== mask,
};

export const isBitOperator = (operator: string): boolean => Object.hasOwn(tests, operator);

/** Bits of a whole number, or of a binary value, the first of which is the lowest. */
export function compileBits(path: string, operator: string, operand: Value): Matches {
  const mask = maskOf(operator, operand);
  const fits = tests[operator] as (value: bigint, mask: bigint) => boolean;
  return someCandidateAt(path, (value) => {
    const bits = value === undefined ? null : bitsOf(value);
    return bits !== null && fits(bits, mask);
  });
}

function maskOf(operator: string, operand: Value): bigint {
  if (Array.isArray(operand)) return operand.reduce<bigint>((mask, at) => mask | (1n << position(at)), 0n);
  const mask = bitsOf(operand);
  if (mask !== null && mask >= 0n) return mask;
  if (isNumber(operand)) throw new StoreError(9, `Expected a non-negative whole number in: ${operator}`);
  throw new StoreError(2, `${operator} takes an Array, a number, or a BinData`);
}

function position(value: Value): bigint {
  const at = isNumber(value) ? toDouble(value) : NaN;
  if (!Number.isInteger(at) || at < 0) throw new StoreError(2, 'bit positions must be non-negative integers');
  return BigInt(at);
}

function bitsOf(value: Value): bigint | null {
  if (typeNumber(value) === 5) {
    const bytes = [...Buffer.from((value as Binary).value())];
    return bytes.reduceRight((bits, byte) => (bits << 8n) | BigInt(byte), 0n);
  }
  if (typeof value === 'bigint') return value;
  const number = isNumber(value) ? toDouble(value) : NaN;
  return Number.isInteger(number) && Math.abs(number) < 2 ** 63 ? BigInt(number) : null;
}
