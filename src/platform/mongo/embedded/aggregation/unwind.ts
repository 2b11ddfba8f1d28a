import { isDoc, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import { isNothing } from '../expression/operands';
import type { Pulse } from '../storage/slices';
import { expandStage, type CompileStage } from './flow';

export interface Unwind {
  keys: string[];
  index: string | null;
  keepsEmpty: boolean;
}

/** One document for each item of an array. */
export const $unwind: CompileStage = (operand) => {
  const unwind = parseUnwind(operand);
  return expandStage((doc) => unwound(doc, unwind));
};

export function parseUnwind(operand: Value): Unwind {
  const spec: Doc = isDoc(operand) ? operand : new Map([['path', operand]]);
  const unknown = [...spec.keys()].find(
    (key) => !['path', 'includeArrayIndex', 'preserveNullAndEmptyArrays'].includes(key),
  );
  if (unknown) throw new StoreError(28811, `unrecognized option to $unwind stage: ${unknown}`);
  const [path, index = null, keepsEmpty = false] = [
    'path',
    'includeArrayIndex',
    'preserveNullAndEmptyArrays',
  ].map((key) => spec.get(key));
  if (path === undefined) throw new StoreError(28812, 'no path specified to $unwind stage');
  if (typeof path !== 'string')
    throw new StoreError(28808, 'expected a string as the path for $unwind stage');
  if (!path.startsWith('$'))
    throw new StoreError(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`);
  if (index !== null && (typeof index !== 'string' || index === '' || index.startsWith('$')))
    throw new StoreError(
      28822,
      'includeArrayIndex option to $unwind stage should be a non-empty name without a $',
    );
  if (typeof keepsEmpty !== 'boolean')
    throw new StoreError(
      28809,
      'expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage',
    );
  return { keys: path.slice(1).split('.'), index, keepsEmpty };
}

const pulseEvery = 100;

function* unwound(doc: Doc, { keys, index, keepsEmpty }: Unwind): Generator<Doc | Pulse> {
  const value = keys.reduce<Value | undefined>((at, key) => (isDoc(at) ? at.get(key) : undefined), doc);
  if (Array.isArray(value) && value.length > 0) {
    for (const [at, item] of value.entries()) {
      yield withIndex(placed(doc, keys, item), index, at);
      if (at % pulseEvery === pulseEvery - 1) yield null;
    }
  } else if (isNothing(value) || Array.isArray(value)) {
    if (keepsEmpty) yield withIndex(Array.isArray(value) ? placed(doc, keys, undefined) : doc, index, null);
  } else yield withIndex(doc, index, null);
}

/** `at`: the place of the item, or null where there was no array. */
export const withIndex = (made: Doc, index: string | null, at: number | null): Doc =>
  index ? placed(made, index.split('.'), at === null ? null : BigInt(at)) : made;

/** A copy with a value at a path; documents on the way are made. */
export function placed(doc: Doc, [key = '', ...rest]: string[], value: Value | undefined): Doc {
  const next = new Map(doc);
  const inner = doc.get(key);
  const made = rest.length === 0 ? value : placed(isDoc(inner) ? inner : new Map(), rest, value);
  if (made === undefined) next.delete(key);
  else next.set(key, made);
  return next;
}
