import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from './free-port';

/** A store server in a process of its own, so that several nodes share it and it can be stopped. Needs the built server. */
export class StoreProcess {
  private child: ChildProcess | null = null;

  private constructor(
    private readonly dataDir: string,
    readonly port: number,
  ) {}

  static async start(): Promise<StoreProcess> {
    const store = new StoreProcess(mkdtempSync(join(tmpdir(), 'parley-store-')), await freePort());
    await store.start();
    return store;
  }

  get url(): string {
    return `mongodb://127.0.0.1:${this.port}/nodes?directConnection=true`;
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, ['dist/cli/store.js', '--port', `${this.port}`], {
      cwd: resolve(__dirname, '../..'),
      env: { PATH: process.env['PATH'] ?? '', PARLEY_DATA_DIR: this.dataDir },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.child = child;
    const ended = once(child, 'exit').then(() => Promise.reject(new Error('The store ended at its start.')));
    await Promise.race([once(child.stdout, 'data'), ended]);
  }

  /** Kills it: what it acknowledged is on disk. */
  async stop(): Promise<void> {
    const child = this.child;
    this.child = null;
    if (!child) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
