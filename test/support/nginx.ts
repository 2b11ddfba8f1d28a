import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from './free-port';
import { until } from './until';

const path = ['/usr/sbin/nginx', '/usr/bin/nginx'].find((name) => spawnSync(name, ['-v']).status === 0);
export const hasNginx = path !== undefined;

/** The nginx of this machine with the very file that production mounts; only ports and folders are put in. */
export class Nginx {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  static async start(nodes: [string, string]): Promise<Nginx> {
    const folder = mkdtempSync(join(tmpdir(), 'parley-nginx-'));
    const port = await freePort();
    const config = readFileSync(resolve(__dirname, '../../deploy/nginx.conf'), 'utf8')
      .replaceAll('app-1:3000', new URL(nodes[0]).host)
      .replaceAll('app-2:3000', new URL(nodes[1]).host)
      .replace('listen 8080', `listen 127.0.0.1:${port}`)
      .replaceAll('/tmp/nginx', join(folder, 'nginx'));
    writeFileSync(join(folder, 'nginx.conf'), config);
    const options = [
      '-p',
      folder,
      '-c',
      join(folder, 'nginx.conf'),
      '-e',
      '/dev/stderr',
      '-g',
      'daemon off;',
    ];
    const child = spawn(path ?? 'nginx', options, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const nginx = new Nginx(`http://127.0.0.1:${port}`, child, folder);
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`nginx ended at its start: ${said}`);
      return (await fetch(`${nginx.url}/livez`).catch(() => null))?.ok ?? false;
    });
    return nginx;
  }

  async stop(): Promise<void> {
    const exit = once(this.child, 'exit');
    if (this.child.exitCode === null) {
      this.child.kill('SIGTERM');
      await exit;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
