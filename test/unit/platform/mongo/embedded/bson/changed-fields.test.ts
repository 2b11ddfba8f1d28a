import { BSON, type Document } from 'bson';
import fc from 'fast-check';
import { changedFields } from '../../../../../../src/platform/mongo/embedded/bson/changed-fields';

const bytesOf = (doc: Document): Buffer => Buffer.from(BSON.serialize(doc));
const documents = fc.dictionary(
  fc.constantFrom('a', 'b', 'c', 'd', 'é'),
  fc.oneof(fc.integer({ min: 0, max: 2 }), fc.constantFrom('x', 'longer'), fc.constant({ in: 1 })),
);

test('the fields that two documents differ in are those whose values differ, wherever they stand', () => {
  fc.assert(
    fc.property(documents, documents, (before, after) => {
      const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
      const different = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
      expect([...changedFields(bytesOf(before), bytesOf(after))].sort()).toEqual(different.sort());
    }),
  );
});
