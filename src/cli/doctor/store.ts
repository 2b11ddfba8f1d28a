import { statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection } from 'mongoose';
import type { Config } from '../../platform/config';
import { makeDataDir } from '../../platform/config/data-folder';
import { connectMongo } from '../../platform/mongo/connection';
import { startEmbeddedStore } from '../../platform/mongo/embedded';
import { clockFinding } from './clock';
import { ok, problem, warning, type Finding } from './finding';

const leastFreeBytes = 1_000_000_000;

/** The store: reached, writable, safe to trust, on a clock like ours. */
export function storeFindings(config: Pick<Config, 'mongodbUrl' | 'dataDir'>): Promise<Finding[]> {
  return config.mongodbUrl ? mongoFindings(config.mongodbUrl) : embeddedFindings(config.dataDir);
}

async function embeddedFindings(dataDir: string): Promise<Finding[]> {
  const folder = join(dataDir, 'store');
  makeDataDir(folder);
  const findings = spaceFindings(folder);
  try {
    const store = await startEmbeddedStore({ dataDir: folder, inWorker: false });
    try {
      const connection = await connectMongo(store.url);
      findings.push(...(await writeFindings(connection, 'embedded store')));
      await connection.close();
    } finally {
      await store.close();
    }
  } catch (error) {
    const { message } = error as Error;
    findings.push(
      /in use by another Parley/.test(message)
        ? ok('embedded store', `${folder} is served by a running Parley`)
        : problem(
            'embedded store',
            message,
            `see that ${folder} can be written to, or restore it from a backup`,
          ),
    );
  }
  return findings;
}

function spaceFindings(folder: string): Finding[] {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= leastFreeBytes) return [];
  const what = `${Math.round(free / 1_000_000)} MB are left on the disk of ${folder}`;
  return [
    warning('embedded store', what, 'make room, or move PARLEY_DATA_DIR: a full disk takes no messages'),
  ];
}

async function mongoFindings(url: string): Promise<Finding[]> {
  try {
    const connection = await connectMongo(url);
    try {
      const findings = await writeFindings(connection, 'MongoDB');
      return [...findings, ...(await serverFindings(connection))];
    } finally {
      await connection.close();
    }
  } catch (error) {
    const mend = 'see that it runs, and that MONGODB_URL holds the right host, user and password';
    return [problem('MongoDB', `cannot be reached (${(error as Error).message})`, mend)];
  }
}

async function writeFindings({ db }: Connection, area: string): Promise<Finding[]> {
  try {
    const probe = { $set: { at: new Date() } };
    await db?.collection('probes').updateOne({ name: 'doctor' }, probe, { upsert: true });
    return [ok(area, 'takes writes')];
  } catch (error) {
    const mend = 'see its log, its free space, and the rights of the user in MONGODB_URL';
    return [problem(area, `takes no writes (${(error as Error).message})`, mend)];
  }
}

async function serverFindings({ db }: Connection): Promise<Finding[]> {
  const hello = await db?.command({ hello: 1 });
  const { version = '' } = ((await db?.command({ buildInfo: 1 }).catch(() => null)) ?? {}) as {
    version?: string;
  };
  const findings: Finding[] = [];
  if (!hello?.['setName'] && hello?.['msg'] !== 'isdbgrid')
    findings.push(
      warning('MongoDB', 'is no replica set: one disk holds the only copy', 'run it as a replica set'),
    );
  if (version && isUnpatched(version))
    findings.push(
      problem('MongoDB', `${version} leaks memory to anyone`, 'update to 7.0.28, 8.0.17, 8.2.3 or later'),
    );
  if (hello?.['localTime'] instanceof Date)
    findings.push(clockFinding('MongoDB', hello['localTime'].getTime() - Date.now()));
  return findings;
}

/** The first releases without "MongoBleed", by release line. */
const patched: Record<string, number> = { '7.0': 28, '8.0': 17, '8.2': 3 };

export function isUnpatched(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const least = patched[`${major}.${minor}`];
  return least !== undefined && patch < least;
}
