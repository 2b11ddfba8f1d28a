import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ours } from '../processes/ours';
import { root } from '../processes/ours';
import { printTable } from '../parts/table';
import { selfTimes, selfTimesByPart, type CpuProfile } from './self-times';
import { unbundled } from './unbundled';

const shown = 30;
const shownParts = 20;

/** Profiles the server's main thread and its store's while `work` runs; the profiles stay for a viewer. */
export async function profiled(ours: Ours, work: () => Promise<unknown>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-profile-'));
  await ours.child.ask('profile:start');
  await work();
  await ours.child.ask('profile:stop', folder);
  for (const thread of ['main', 'store']) {
    const file = join(folder, `${thread}.cpuprofile`);
    if (await written(file)) show(thread, file);
  }
}

function show(thread: string, file: string): void {
  const profile = unbundled(JSON.parse(readFileSync(file, 'utf8')) as CpuProfile);
  const print = (title: string, what: string, rows: ReturnType<typeof selfTimes>) =>
    printTable(
      title,
      [what, 'ms', 'share of busy'],
      rows.map(({ name, ms, share }) => [name, ms.toFixed(0), `${(share * 100).toFixed(1)} %`]),
    );
  print(
    `Self time of the ${thread} thread, by part`,
    'part',
    selfTimesByPart(profile, root).slice(0, shownParts),
  );
  print(`… by function (${file})`, 'function', selfTimes(profile, root).slice(0, shown));
}

/** The store's thread writes its own, a moment later. */
async function written(file: string): Promise<boolean> {
  for (let tries = 0; tries < 100; tries++) {
    if (existsSync(file) && isWhole(file)) return true;
    await new Promise((wait) => setTimeout(wait, 50));
  }
  return false;
}

function isWhole(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, 'utf8'));
    return true;
  } catch {
    return false;
  }
}
