import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Rush } from '../../../../src/sandbox/control/rush';
import { sandboxOptions } from '../../../../src/sandbox/options';
import { createParts } from '../../../../src/sandbox/sandbox';
import { startStandIn, telegramAccount, wechatAccount } from '../parley-stand-in';

describe('a rush', () => {
  it('brings new customers of every platform, and every fourth asks for a person', async () => {
    const standIn = await startStandIn();
    const dataDir = await mkdtemp(path.join(tmpdir(), 'sandbox-'));
    const accounts = [wechatAccount, telegramAccount];
    const settings = sandboxOptions.parse({ port: 0, dataDir, publicUrl: standIn.url, accounts });
    const parts = createParts(settings, () => new Date(Date.UTC(2026, 9, 8)));
    await new Rush(parts).start({ customers: 30, seconds: 0 }).finished;

    const crowd = parts.phones.list().slice(6);
    expect(crowd).toHaveLength(30);
    expect(crowd.filter(({ accountId }) => accountId === 'wx')).toHaveLength(15);
    const wishes = crowd.filter(({ messages }) => /转人工|human/.test(messages[1]?.text ?? ''));
    expect(wishes).toHaveLength(7);
    expect(standIn.webhooks).toHaveLength(37);
    parts.phones.flush();
    await standIn.close();
    await rm(dataDir, { recursive: true, force: true });
  });
});
