import { BSON, type Document } from 'bson';
import { fieldsRead } from '../../../../../../src/platform/mongo/embedded/aggregation/fields-read';
import { decode } from '../../../../../../src/platform/mongo/embedded/bson/decode';
import type { Doc, Value } from '../../../../../../src/platform/mongo/embedded/bson/value';

const docOf = (doc: Document): Doc => decode(Buffer.from(BSON.serialize(doc)));
const group = { $group: { _id: '$a' } };

test.each<[filter: Document, stages: Document[], fields: string[] | null]>([
  [{}, [{ $group: { _id: '$a.b', n: { $sum: 1 }, m: { $max: '$c' } } }], ['a', 'c']],
  [{ 'd.e': 1, $or: [{ f: 1 }, { $and: [{ g: { $gt: 1 } }] }] }, [group], ['d', 'f', 'g', 'a']],
  [{ $expr: { $gt: ['$x', '$y'] }, $comment: 'z' }, [group], ['x', 'y', 'a']],
  [
    {},
    [{ $match: { m: 1 } }, { $skip: 1 }, { $limit: 2 }, { $unwind: { path: '$u.v' } }, group],
    ['m', 'u', 'a'],
  ],
  [{}, [{ $unwind: '$u' }, { $count: 'n' }], ['u']],
  [{}, [{ $sortByCount: { $toLower: '$t' } }], ['t']],
  [{}, [{ $bucket: { groupBy: '$n', boundaries: [0, 1], output: { all: { $push: '$p' } } } }], ['n', 'p']],
  [{}, [{ $bucketAuto: { groupBy: '$n', buckets: 2 } }], ['n']],
  [{}, [{ $group: { _id: { $let: { vars: { v: '$a' }, in: '$$v.b' } } } }], ['a']],
  [{}, [{ $group: { _id: { $literal: '$a' } } }], []],
  [{}, [group, { $lookup: {} }], ['a']],
  // The whole document is wanted, or may be.
  [{}, [], null],
  [{}, [{ $limit: 3 }], null],
  [{}, [{ $project: { a: 1 } }, group], null],
  [{}, [{ $group: { _id: '$a', all: { $push: '$$ROOT' } } }], null],
  [{}, [{ $group: { _id: '$$CURRENT.a' } }], null],
  [{}, [{ $group: { _id: { $getField: 'a' } } }], null],
  [{}, [{ $group: { _id: '$a', top: { $top: { sortBy: { b: 1 }, output: '$c' } } } }], null],
  [{ $jsonSchema: {} }, [group], null],
  [{ $or: 'none' }, [group], null],
  [{ é: 1 }, [group], null],
  [{}, [{ $group: { _id: 'abcdefghi'.split('').map((name) => `$${name}`) } }], null],
])('a search for %j with %j reads %j', (filter, stages, fields) => {
  expect(fieldsRead(docOf(filter), stages.map(docOf) as Doc[] & Value[])).toEqual(fields);
});
