import { decode } from '../../../../../../src/platform/mongo/embedded/bson/decode';
import { keyPart } from '../../../../../../src/platform/mongo/embedded/bson/key';
import { Undefined, type Doc, type Value } from '../../../../../../src/platform/mongo/embedded/bson/value';
import { defineIndex, keysOf } from '../../../../../../src/platform/mongo/embedded/storage/index-definition';
import { serialize } from 'bson';

/** A document as the store has it, written as a plain one. */
const doc = (plain: object): Doc => decode(Buffer.from(serialize(plain)));
const index = (key: object, options: object = {}) => defineIndex(2, doc({ key, name: 'one', ...options }));

/** The keys that a document should stand under, each a list of one value for each field. */
const keysFor = (values: Value[][]): string[] =>
  values.map((each) => Buffer.concat(each.map((value) => keyPart(value))).toString('hex')).sort();
const keys = (definition: ReturnType<typeof index>, plain: object): string[] =>
  keysOf(definition, doc(plain))
    .map((key) => key.toString('hex'))
    .sort();

/** MongoDB's manual, core/indexes/index-types/index-multikey, core/index-sparse, core/index-partial. */
test.each<[string, object, object, Value[][]]>([
  ['a field', { a: 1 }, { a: 'x' }, [['x']]],
  ['a missing field, as null', { a: 1 }, {}, [[null]]],
  ['two fields', { a: 1, b: 1 }, { b: 'y', a: 'x' }, [['x', 'y']]],
  ['a field of a document', { 'a.b': 1 }, { a: { b: 'x' } }, [['x']]],
  ['the items of an array', { a: 1 }, { a: ['x', 'y'] }, [['x'], ['y']]],
  ['equal items once', { a: 1 }, { a: ['x', 'x'] }, [['x']]],
  ['an empty array', { a: 1 }, { a: [] }, [[new Undefined()]]],
  ['an array in an array, whole', { a: 1 }, { a: [['x']] }, [[['x']]]],
  ['fields of documents in an array', { 'a.b': 1 }, { a: [{ b: 'x' }, { b: 'y' }, {}] }, [['x'], ['y'], [null]]],
  ['two fields of one item', { 'a.b': 1, 'a.c': 1 }, { a: [{ b: 'x', c: 'y' }, { b: 'z' }] }, [['x', 'y'], ['z', null]]],
  ['an array beside a field', { a: 1, b: 1 }, { a: ['x', 'y'], b: 'z' }, [['x', 'z'], ['y', 'z']]],
  ['one item of an array', { 'a.1': 1 }, { a: ['x', 'y'] }, [['y']]],
  ['no item where there is none at the place', { 'a.2': 1 }, { a: ['x', 'y'] }, [[null]]],
  ['one item beside all', { 'a.0': 1, a: 1 }, { a: ['x', 'y'] }, [['x', 'x'], ['x', 'y']]],
  ['one item beside a field of all', { 'a.b': 1, 'a.0.c': 1 }, { a: [{ b: 'x', c: 'z' }, { b: 'y' }] }, [['x', 'z'], ['y', 'z']]],
])('a document stands under %s', (_name, key, plain, wanted) => {
  expect(keys(index(key), plain)).toEqual(keysFor(wanted));
}); // prettier-ignore

test('a descending field has its bytes turned over', () => {
  expect(keys(index({ a: -1 }), { a: 'x' })).toEqual([keyPart('x', true).toString('hex')]);
});

test('two arrays beside each other are refused', () => {
  expect(() => keysOf(index({ a: 1, b: 1 }), doc({ a: [1], b: [2] }))).toThrow(
    expect.objectContaining({ code: 171, codeName: 'CannotIndexParallelArrays' }),
  );
});

test('a number that is the place of an item and a name in one is refused', () => {
  expect(() => keysOf(index({ 'a.0': 1 }), doc({ a: [{ 0: 'x' }] }))).toThrow(
    expect.objectContaining({ code: 16746 }),
  );
});

test('a sparse index leaves out only what has none of its fields', () => {
  const sparse = index({ a: 1, b: 1 }, { sparse: true });
  expect([{ c: 1 }, { a: null }, { b: 1 }].map((plain) => keys(sparse, plain).length)).toEqual([0, 1, 1]);
});

test('a partial index holds what its filter matches', () => {
  const partial = index({ a: 1 }, { partialFilterExpression: { open: true } });
  expect([{ a: 1, open: true }, { a: 1 }].map((plain) => keys(partial, plain).length)).toEqual([1, 0]);
});

test('under a collation of strength 2, texts that differ by case have one key', () => {
  const folding = index({ a: 1 }, { collation: { locale: 'en', strength: 2 } });
  expect(keys(folding, { a: 'ABC' })).toEqual(keys(folding, { a: 'abc' }));
  expect(keys(folding, { a: 'abd' })).not.toEqual(keys(folding, { a: 'abc' }));
});

test.each<[object, object, string[], boolean]>([
  [{ 'a.b': 1, c: 1 }, {}, ['a'], true],
  [{ 'a.b': 1, c: 1 }, {}, ['b', 'd'], false],
  [{ 'a.b': 1 }, {}, [], false],
  [{ a: 1 }, { partialFilterExpression: { open: true } }, ['open'], true],
  [{ a: 1 }, { partialFilterExpression: { $and: [{ open: true }] } }, ['other'], true],
])('%j with %j: are its keys others when %j changed? %s', (key, options, changed, is) => {
  expect(index(key, options).readsAnyOf(new Set(changed))).toBe(is);
});

test.each<[string, object, number]>([
  ['an empty key', { key: {}, name: 'one' }, 67],
  ['a direction of 0', { key: { a: 0 }, name: 'one' }, 67],
  ['a name that begins with $', { key: { $a: 1 }, name: 'one' }, 67],
  ['no key', { name: 'one' }, 9],
  ['no name', { key: { a: 1 } }, 9],
  ['an option that is none', { key: { a: 1 }, name: 'one', speed: 1 }, 197],
  [
    'sparse and partial at once',
    { key: { a: 1 }, name: 'one', sparse: true, partialFilterExpression: {} },
    67,
  ],
  ['a kind of index that the store does not have', { key: { a: 'text' }, name: 'one' }, 238],
])('an index with %s is refused', (_name, spec, code) => {
  expect(() => defineIndex(2, doc(spec))).toThrow(expect.objectContaining({ code }));
});
