import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startStandIn, wechatAccount } from './parley-stand-in';

const main = path.resolve('src/sandbox/main.ts');
type Answer = { ready?: string; failed?: string };

describe("the sandbox's own process", () => {
  let dataDir: string;
  let child: ChildProcess;
  beforeEach(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'sandbox-'));
    child = fork(main, { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  });
  afterEach(async () => {
    child.kill('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  });

  const start = async (port = 0): Promise<Answer> => {
    const publicUrl = 'http://127.0.0.1:3000';
    child.send({ start: { port, dataDir, publicUrl, accounts: [wechatAccount] } });
    const [answer] = (await once(child, 'message')) as [Answer];
    return answer;
  };

  it('tells its address, and ends when its parent lets go', async () => {
    const { ready } = await start();
    expect((await fetch(`${ready}/sandbox/api/state`)).status).toBe(200);
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('ends on SIGTERM', async () => {
    await start();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('says why it cannot start', async () => {
    const taken = await startStandIn();
    const exit = once(child, 'exit');
    const { failed } = await start(Number(new URL(taken.url).port)).finally(taken.close);
    expect(failed).toContain('EADDRINUSE');
    expect(await exit).toEqual([1, null]);
  });
});
