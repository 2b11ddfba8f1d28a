import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Config } from './config';
import type { Logger } from './log';

/** Starts the sandbox as a process of its own. It ends when this process does, however that comes about. */
export function forkSandbox(config: Config, port: number, log: Logger): Promise<{ stop(): Promise<void> }> {
  const options = {
    host: '127.0.0.1',
    port: config.sandboxPort,
    dataDir: config.dataDir,
    publicUrl: `http://127.0.0.1:${port}`,
    accounts: config.channels,
    pageDir: join(__dirname, '../../agent-console/dist'),
    desk: config.team.agents.find((agent) => agent.role !== 'agent'),
  };
  // Its accounts hold secrets: they go through the channel between the processes, never into a command line.
  const child = fork(join(__dirname, '../sandbox/main.js'), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return new Promise((resolve, reject) => {
    const endedEarly = (code: number | null) =>
      reject(new Error(`The sandbox ended at its start (${code}).`));
    child.once('exit', endedEarly);
    child.on('message', (message: { ready?: string; failed?: string }) => {
      if (message.failed) log.error({ reason: message.failed }, 'sandbox: did not start');
      if (!message.ready) return;
      child.off('exit', endedEarly);
      child.once('exit', (code) => code && log.error({ code }, 'sandbox: ended'));
      resolve({ stop: () => (child.connected ? (child.disconnect(), ended) : Promise.resolve()) });
    });
    child.send({ start: options });
  });
}
