import { Schema, type Connection } from 'mongoose';
import { Batched } from '../../../../../src/platform/mongo/batch/batched';
import { firstOfEach } from '../../../../../src/platform/mongo/batch/first-of-each';
import { beginning, defineConversations } from '../../../../../src/desk/conversations/model';
import { closeStore, dropConnection, testConnection } from '../../../../support/store';

interface Row {
  _id: string;
  name: string;
  count: number;
}
let connection: Connection;
let rows: Batched<Row>;

beforeEach(async () => {
  connection = await testConnection();
  const schema = new Schema<Row>({ _id: String, name: String, count: Number }, { versionKey: false });
  schema.index({ name: 1 }, { unique: true });
  const model = connection.model<Row>('Row', schema, 'rows');
  await model.createIndexes();
  rows = new Batched(model);
});
afterEach(() => dropConnection(connection));
afterAll(closeStore);

const row = (name: string, id = name): Row => ({ _id: id, name, count: 0 });

test('of rows inserted together, those that are there already are told so and the others are written', async () => {
  await rows.insert(row('a'));
  expect(
    await Promise.all([rows.insert(row('a')), rows.insert(row('b')), rows.insert(row('b', 'x'))]),
  ).toEqual([false, true, false]);
  expect(await Promise.all([rows.byId('b'), rows.byId('x'), rows.byId('b')])).toEqual([
    row('b'),
    null,
    row('b'),
  ]);
});

test('a row that is too large fails alone', async () => {
  const large = { ...row('large'), name: 'x'.repeat(17_000_000) };
  const [small, refused] = await Promise.allSettled([rows.insert(row('a')), rows.insert(large)]);
  expect([small?.status, refused?.status]).toEqual(['fulfilled', 'rejected']);
  expect(await rows.byId('a')).toEqual(row('a'));
});

test('updates that all fit are known to have been made; when one did not, nobody can tell which', async () => {
  await Promise.all([rows.insert(row('a')), rows.insert(row('b'))]);
  const add = (id: string, count: number) => rows.update({ _id: id, count }, { $inc: { count: 1 } });
  expect(await Promise.all([add('a', 0), add('b', 0)])).toEqual([true, true]);
  expect(await Promise.all([add('a', 1), add('b', 7)])).toEqual([false, false]);
  expect(await add('b', 7)).toBe(false);
  expect([(await rows.byId('a'))?.count, (await rows.byId('b'))?.count]).toEqual([2, 1]);
});

test('the first rows of each key are read, also of those that another key would crowd out', async () => {
  const all = [
    ...Array.from({ length: 9 }, (_unused, place) => ({ key: 'a', place })),
    { key: 'b', place: 9 },
  ];
  const read = (keys: string[], limit: number) =>
    Promise.resolve(all.filter(({ key }) => keys.includes(key)).slice(0, limit));
  const first = firstOfEach(read, ({ key }) => key, 2);
  expect(await Promise.all([first.do('a'), first.do('b'), first.do('c')])).toEqual([
    [all[0], all[1]],
    [all[9]],
    [],
  ]);
});

test('a conversation begins with what its schema says', () => {
  const { _id: _unused, ...defaults } = new (defineConversations(connection))({}).toObject();
  expect({ ...defaults, isOpen: true, status: 'bot', language: null, searchKeys: [] }).toEqual({
    ...beginning,
    language: null,
  });
});
