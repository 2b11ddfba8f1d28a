import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { startEmbeddedStore, type RunningStore } from '../../../../src/platform/mongo/embedded';

const run = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;
const folder = mkdtempSync(join(tmpdir(), 'parley-trouble-'));
const isMounted =
  process.platform === 'linux' && run('mount', '-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', folder);
if (!isMounted)
  console.warn('No file system may be mounted here: the full and the read-only disk are skipped.');
const onSmallDisk = isMounted ? test : test.skip;

let store: RunningStore | null = null;
let client: MongoClient;

async function open(): Promise<void> {
  store = await startEmbeddedStore({ dataDir: join(folder, 'store'), inWorker: false });
  client = await MongoClient.connect(store.url, { retryWrites: false });
}
async function close(): Promise<void> {
  if (!store) return;
  await client.close();
  await store.close();
  store = null;
}
const rows = (name = 'rows') =>
  client.db('test').collection<{ _id: string; text?: string; tags?: string[] }>(name);
const text = 'x'.repeat(50_000);

// lmdb tells the console too why a commit failed, and sometimes only after the test.
beforeAll(() => void (console.error = () => undefined));
afterEach(close);
afterAll(() => {
  if (isMounted) run('umount', folder);
  rmSync(folder, { recursive: true, force: true });
});

/** Writes until the disk takes no more. Answers what was acknowledged. */
async function fill(): Promise<{ acknowledged: string[]; refused: unknown }> {
  const acknowledged: string[] = [];
  for (;;) {
    const _id = `row-${acknowledged.length}`;
    const refused = await rows()
      .insertOne({ _id, text })
      .then(
        () => null,
        (error: unknown) => error,
      );
    if (refused) return { acknowledged, refused };
    acknowledged.push(_id);
  }
}

onSmallDisk(
  'a full disk is told in words; reads go on, and writes too once there is room',
  async () => {
    await open();
    await rows('kept').createIndex({ tags: 1 });
    await rows('kept').insertOne({ _id: 'before', tags: ['one'] });
    const ballast = join(folder, 'ballast');
    writeFileSync(ballast, Buffer.alloc(2_000_000));
    const { acknowledged, refused } = await fill();
    expect(refused).toMatchObject({ code: 14031, codeName: 'OutOfDiskSpace' });
    expect((refused as Error).message).toMatch(/^The disk of the store is full/);
    // A collection and a multikey index that a failed commit would have brought are not there, not even in memory.
    const large = { _id: 'large', text: text.repeat(60), tags: ['a', 'b'] };
    for (const name of ['kept', 'new'])
      await expect(rows(name).insertOne(large)).rejects.toMatchObject({ code: 14031 });
    // Of a long batch that which was committed before stays, and is told.
    const many = Array.from({ length: 400 }, (_unused, at) => ({ _id: `m${at}`, text }));
    const told = await rows('many')
      .insertMany(many)
      .then(
        () => null,
        (error: unknown) => error,
      );
    expect(told).toMatchObject({ code: 14031 });
    const { insertedCount = 0 } = told as { insertedCount?: number };
    expect(await rows('many').countDocuments({})).toBe(insertedCount);
    await rows('many').deleteMany({});
    expect(await rows('new').countDocuments({})).toBe(0);
    expect((await rows().find().toArray()).map(({ _id }) => _id)).toEqual(acknowledged);
    expect(await rows('kept').find().toArray()).toEqual([{ _id: 'before', tags: ['one'] }]);
    rmSync(ballast);
    await rows('new').insertOne({ _id: 'after' });
    await rows('kept').insertOne({ _id: 'after', tags: ['two', 'three'] });
    await close();
    await open();
    expect((await rows().find().toArray()).map(({ _id }) => _id)).toEqual(acknowledged);
    expect(await rows('new').find().toArray()).toEqual([{ _id: 'after' }]);
    const twice = await rows('kept')
      .find({ tags: { $gte: 'three' } })
      .hint('tags_1')
      .toArray();
    expect(twice.map(({ _id }) => _id)).toEqual(['after']);
  },
  60_000,
);

onSmallDisk('a disk that may only be read is told at the start, in one line', async () => {
  await open();
  await close();
  expect(run('mount', '-o', 'remount,ro', folder)).toBe(true);
  const refused = startEmbeddedStore({ dataDir: join(folder, 'store'), inWorker: false });
  await expect(refused).rejects.toThrow(/^PARLEY_DATA_DIR: \S+ cannot be written to \(EROFS\)\.$/);
  expect(run('mount', '-o', 'remount,rw', folder)).toBe(true);
  await open();
});

test('a file in place of the folder, or above it, is told in one line, and the next start is not in its way', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'parley-trouble-file-'));
  const file = join(outside, 'data');
  writeFileSync(file, '');
  const start = (dataDir: string) => startEmbeddedStore({ dataDir, inWorker: false });
  await expect(start(file)).rejects.toThrow(`PARLEY_DATA_DIR: ${file} is no folder.`);
  await expect(start(join(file, 'store'))).rejects.toThrow(
    `PARLEY_DATA_DIR: ${join(file, 'store')} cannot be made (ENOTDIR).`,
  );
  rmSync(file);
  const running = await start(file);
  await running.close();
  rmSync(outside, { recursive: true, force: true });
});

test('a folder that the system lets nobody make is told in one line', async () => {
  const refused = startEmbeddedStore({ dataDir: '/proc/parley/store', inWorker: false });
  await expect(refused).rejects.toThrow(/^PARLEY_DATA_DIR: \/proc\/parley cannot be made \(\w+\)\.$/);
});
