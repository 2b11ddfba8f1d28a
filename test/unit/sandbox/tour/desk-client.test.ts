import { DeskClient } from '../../../../src/sandbox/tour/desk-client';
import { startStandIn } from '../parley-stand-in';

const login = { email: 'supervisor@acme.test', password: 'x-y-z' };
const conversation = {
  accountId: 'wx',
  status: 'open',
  assignee: { id: 'ag_1', name: '李雷' },
  lastMessage: { text: '您好', author: 'agent', at: '2026-10-08T03:00:00.000Z' },
  updatedAt: '2026-10-08T03:00:00.000Z',
  queuedAt: '2026-10-08T02:59:00.000Z',
};
const ok = (body: unknown) => ({ status: 200, body: JSON.stringify(body) });

describe("the tour's look at the desk", () => {
  it('signs in once, and again when its session has ended', async () => {
    const standIn = await startStandIn();
    const desk = new DeskClient(login, () => standIn.url);
    standIn.answerNext(ok({ token: 'first' }), ok({ items: [conversation] }));
    expect(await desk.conversations()).toMatchObject([{ status: 'open', queuedAt: conversation.queuedAt }]);
    standIn.answerNext({ status: 401, body: '{}' }, ok({ token: 'second' }), ok({ items: [] }));
    expect(await desk.conversations()).toEqual([]);
    await desk.conversations();

    expect(standIn.webhooks.map(({ url, headers }) => [url.pathname, headers.authorization])).toEqual([
      ['/api/v1/session', undefined],
      ['/api/v1/conversations', 'Bearer first'],
      ['/api/v1/conversations', 'Bearer first'],
      ['/api/v1/session', undefined],
      ['/api/v1/conversations', 'Bearer second'],
    ]);
    expect(JSON.parse(standIn.webhooks[0]!.body)).toEqual(login);
    await standIn.close();
  });

  it('sees nothing while the server is away', async () => {
    const standIn = await startStandIn();
    await standIn.close();
    expect(await new DeskClient(login, () => standIn.url).conversations()).toEqual([]);
  });

  it('tries a refused password only once, so that nobody is locked out', async () => {
    const standIn = await startStandIn();
    const desk = new DeskClient(login, () => standIn.url);
    standIn.answerNext({ status: 401, body: '{}' });
    expect(await desk.conversations()).toEqual([]);
    expect(await desk.conversations()).toEqual([]);
    expect(standIn.webhooks).toHaveLength(1);
    await standIn.close();
  });
});
