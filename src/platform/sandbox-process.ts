import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Config } from './config';
import { ownHost } from './config/environment';
import type { Logger } from './log';

export interface SandboxProcess {
  stop(): Promise<void>;
}

/** Starts the sandbox as a process of its own. It ends when this process does, however that comes about. */
export async function forkSandbox(config: Config, port: number, log: Logger): Promise<SandboxProcess> {
  const options = {
    host: '127.0.0.1',
    port: config.sandboxPort,
    dataDir: config.dataDir,
    publicUrl: `http://${ownHost(config.host)}:${port}`,
    accounts: config.channels,
    pageDir: join(__dirname, '../../agent-console/dist'),
    desk: config.team.agents.find((agent) => agent.role !== 'agent'),
  };
  const child = fork(join(__dirname, '../sandbox/main.js'), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // Its accounts hold secrets: they go through the channel between the processes, never into a command line.
  child.send({ start: options });
  await ready(child);
  child.once('exit', (code) => code && log.error({ code }, 'sandbox: ended'));
  return { stop: () => (child.connected ? (child.disconnect(), ended) : Promise.resolve()) };
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (why: string) => reject(new Error(`The sandbox could not start: ${why}`));
    child.once('exit', (code) => refuse(`it ended with ${code}.`));
    child.on('message', ({ ready: url, failed }: { ready?: string; failed?: string }) => {
      if (failed) refuse(`${failed} (SANDBOX_PORT)`);
      if (url) resolve();
    });
  });
}
