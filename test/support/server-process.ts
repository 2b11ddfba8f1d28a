import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const root = resolve(__dirname, '../..');

/** The built server as a process of its own: what a kill needs. */
export class ServerProcess {
  private child: ChildProcess | null = null;
  output = '';

  constructor(
    private readonly env: Record<string, string>,
    readonly url: string,
  ) {}

  static build(): void {
    const built = spawnSync(process.execPath, ['scripts/build-if-changed.mjs', '--server-only'], {
      cwd: root,
    });
    if (built.status !== 0) throw new Error(built.stderr.toString());
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Resolves when the server says that it is ready. */
  async start(): Promise<void> {
    this.output = '';
    const env = { PATH: process.env['PATH'] ?? '', LOG_LEVEL: 'warn', ...this.env };
    const child = spawn(process.execPath, ['dist/main.js'], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    child.stdout.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    const ended = once(child, 'exit').then(() => {
      throw new Error(`The server ended at its start:\n${this.output}`);
    });
    await Promise.race([this.saidReady(child), ended]);
  }

  /** Ends it, and answers with its exit code (null after a kill). */
  async end(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | null> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const exit = once(child, 'exit');
    child.kill(signal);
    const [code] = (await exit) as [number | null];
    return code;
  }

  private async saidReady(child: ChildProcess): Promise<void> {
    while (!this.output.includes('Parley is ready')) await once(child.stdout ?? child, 'data');
  }
}
