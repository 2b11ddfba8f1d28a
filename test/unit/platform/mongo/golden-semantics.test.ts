import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EJSON } from 'bson';
import type { Db, Document } from 'mongodb';
import { dropDatabase, testDatabase } from '../../../support/store';

interface Case {
  id: string;
  why: string;
  docs: Document[];
  indexes?: { key: Document; options?: Document }[];
  others?: Record<string, Document[]>;
  command: Document;
  getMore?: Document;
  ordered?: boolean;
  witness: string;
  expect: {
    docs?: Document[];
    batches?: number[];
    reply?: Document;
    absent?: string[];
    after?: Document[];
    afterIn?: Record<string, Document[]>;
    error?: { code?: unknown; codeName?: string };
  };
}

const cases = load(join(__dirname, '../../../fixtures/mongo-semantics.json'));
const onServer = Boolean(process.env['TEST_MONGODB_URL']);
/** A server that is not ours is asked only what an independent witness agrees with. */
const asked = onServer ? cases.filter(({ witness }) => witness === 'agrees') : cases;
const exact = { promoteValues: false, promoteLongs: false, bsonRegExp: true } as const;

let db: Db;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => dropDatabase(db));

test.each(asked.map((one) => [one.id, one] as const))('%s', async (_id, one) => {
  await prepare(one);
  await check(one, await run(one));
});

test('the whole table is asked', () => {
  expect(cases).toHaveLength(1_004);
});

async function prepare(one: Case): Promise<void> {
  for (const name of ['c', 'd', 'out']) await db.command({ drop: name }).catch(() => undefined);
  for (const { key, options = {} } of one.indexes ?? []) {
    const name =
      options['name'] ??
      Object.entries(key)
        .map(([path, direction]) => `${path}_${String(direction)}`)
        .join('_');
    await db.command({ createIndexes: 'c', indexes: [{ key, name, ...options }] });
  }
  if (one.docs.length > 0) await insert('c', one.docs);
  for (const [name, docs] of Object.entries(one.others ?? {})) await insert(name, docs);
}

async function insert(name: string, documents: Document[]): Promise<void> {
  if (documents.length === 0) return;
  await db.command({ insert: name, documents }, { ignoreUndefined: false } as never);
}

interface Outcome {
  reply: Document | null;
  docs: Document[] | null;
  batches: number[];
  error: { code: number; codeName?: string } | null;
}

async function run(one: Case): Promise<Outcome> {
  const none = { docs: null, batches: [] };
  try {
    const reply = await db.command(one.command, exact as never);
    const writeError = reply['writeErrors']?.[0];
    if (writeError)
      return {
        ...none,
        reply,
        error: { code: Number(String(writeError.code)) },
      };
    return { ...none, ...(await readAll(one, reply)), reply, error: null };
  } catch (error) {
    const { code, codeName } = error as { code: number; codeName?: string };
    if (code === undefined) throw error;
    return {
      ...none,
      reply: null,
      error: { code: Number(String(code)), codeName },
    };
  }
}

async function readAll(one: Case, reply: Document): Promise<Pick<Outcome, 'docs' | 'batches'>> {
  const cursor = reply['cursor'] as Document | undefined;
  if (!cursor) return { docs: null, batches: [] };
  const docs: Document[] = [...(cursor['firstBatch'] as Document[])];
  const batches = [docs.length];
  let id: unknown = cursor['id'];
  const collection = String(cursor['ns']).split('.').slice(1).join('.');
  while (String(id) !== '0') {
    const next = await db.command({ getMore: id, collection, ...one.getMore }, exact as never);
    const batch = next['cursor'].nextBatch as Document[];
    docs.push(...batch);
    batches.push(batch.length);
    id = next['cursor'].id;
  }
  return { docs, batches };
}

async function check({ expect: wanted, ordered = true }: Case, outcome: Outcome): Promise<void> {
  if (wanted.error) {
    expect(outcome.error).not.toBeNull();
    if (wanted.error.code !== undefined) expect(outcome.error?.code).toBe(Number(String(wanted.error.code)));
    // Errors of single writes carry no name.
    if (wanted.error.codeName && outcome.error?.codeName)
      expect(outcome.error.codeName).toBe(wanted.error.codeName);
  } else if (!wanted.reply?.['writeErrors']) expect(outcome.error).toBeNull();
  if (wanted.docs) same(outcome.docs ?? [], wanted.docs, ordered);
  if (wanted.batches) expect(outcome.batches).toEqual(wanted.batches.map(Number));
  if (wanted.reply)
    for (const [key, value] of Object.entries(wanted.reply)) part(outcome.reply?.[key], value, key, ordered);
  for (const key of wanted.absent ?? []) expect(outcome.reply).not.toHaveProperty(key);
  if (wanted.after) same(await contentOf('c'), wanted.after, true);
  for (const [name, docs] of Object.entries(wanted.afterIn ?? {})) same(await contentOf(name), docs, true);
}

const contentOf = async (name: string): Promise<Document[]> => {
  const reply = await db.command({ find: name, sort: { _id: 1 } }, exact as never);
  return reply['cursor'].firstBatch as Document[];
};

function same(got: unknown[], wanted: unknown[], ordered: boolean): void {
  const [left, right] = [got, wanted].map((list) => list.map(text));
  if (wanted.some((one) => text(one).includes('$$any'))) return anyOf(got, wanted);
  expect(ordered ? left : left?.sort()).toEqual(ordered ? right : right?.sort());
}

function anyOf(got: unknown[], wanted: unknown[]): void {
  expect(got).toHaveLength(wanted.length);
  got.forEach((one, index) => part(one, wanted[index], 'docs', true));
}

const counters = new Set([
  'n',
  'nModified',
  'ok',
  'index',
  'code',
  'numIndexesBefore',
  'numIndexesAfter',
  'nIndexesWas',
]);

/** A subset of documents, exact lists, counters of any number type, values of any kind where the table says so. */
function part(got: unknown, wanted: unknown, key: string, ordered: boolean): void {
  if (isPlain(wanted) && '$$any' in wanted) return expect(got).toBeDefined();
  if (counters.has(key)) return expect(Number(String(got))).toBe(Number(String(wanted)));
  if (key === 'value' && isPlain(wanted)) return same([got], [wanted], true);
  if (Array.isArray(wanted)) {
    if (key === 'values') return same(got as unknown[], wanted, ordered);
    expect(got).toHaveLength(wanted.length);
    return wanted.forEach((item, index) => part((got as unknown[])[index], item, '', ordered));
  }
  if (isPlain(wanted))
    for (const [name, value] of Object.entries(wanted))
      part((got as Document | undefined)?.[name], value, name, ordered);
  else expect(text({ value: got })).toBe(text({ value: wanted }));
}

const text = (value: unknown): string => EJSON.stringify(value as Document, { relaxed: false });

function isPlain(value: unknown): value is Document {
  const isObject = Boolean(value) && typeof value === 'object' && !Array.isArray(value);
  return isObject && !(value as Document)['_bsontype'] && !(value instanceof Date);
}

/** `EJSON.parse` takes `$regex` for a value of its own; it is hidden meanwhile. */
function load(file: string): Case[] {
  const parsed: unknown = EJSON.parse(
    readFileSync(file, 'utf8').replaceAll('"$regex":', () => '"$$regex":'),
    { relaxed: false },
  );
  return restore(parsed) as Case[];
}

function restore(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(restore);
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key === '$$regex' ? '$regex' : key, restore(item)]),
  );
}
