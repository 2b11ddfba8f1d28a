import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

export interface StoreProcess {
  url: string;
  pid: number;
  close(): Promise<void>;
}

/** The store as it is built, in a process of its own, so that the one that measures does not take its time. */
export async function startStoreProcess(dataDir: string): Promise<StoreProcess> {
  const child = spawn(process.execPath, [resolve(__dirname, '../../../dist/cli/store.js'), '--port', '0'], {
    env: { PATH: process.env['PATH'] ?? '', PARLEY_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const [line] = (await Promise.race([once(child.stdout, 'data'), exit])) as [Buffer | number];
  if (!(line instanceof Buffer)) throw new Error(`The store ended at its start: ${line}`);
  return {
    url: line.toString().trim(),
    pid: child.pid ?? NaN,
    async close() {
      child.kill('SIGTERM');
      await exit;
    },
  };
}
