import type { Route } from 'playwright-core';
import { until } from '../support/until';
import { describeInBrowser } from './support/chromium';
import { Inbox } from './support/inbox';
import { picture } from './support/picture';
import { Stage, type Login } from './support/stage';

describeInBrowser('The desk', () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await Stage.set()), 60_000);
  afterAll(() => stage.strike());
  afterEach(async () => expect(await stage.clear()).toEqual([]));

  const inboxOf = async (who: Login): Promise<Inbox> =>
    new Inbox(await stage.page(await stage.agent(who), '/inbox?view=queue'));
  /** A customer of ours who is known by this name wants a person. */
  const waiting = async (name: string) => {
    const customer = stage.phones.of('acme-telegram', name);
    await customer.say('How do I get an invoice?');
    await customer.say('I want to talk to a human');
    return customer;
  };

  test('a customer asks for a person, is taken, answered and resolved', async () => {
    const inbox = await inboxOf('li');
    const ada = await waiting('Ada Byron');
    await inbox.open('Ada Byron');
    const card = inbox.page.getByRole('region', { name: '转人工' });
    await card.getByText('客户要求人工').waitFor();
    await inbox.take();
    await inbox.send('Hello Ada, I am on it.');
    await inbox.bubble('I am on it').getByRole('img', { name: '已发送' }).waitFor();
    expect(await ada.copiesOf('I am on it')).toBe(1);
    await ada.say('Thank you!');
    await inbox.bubble('Thank you!').waitFor();
    await picture(inbox.page, 'desk-answered');
    await inbox.act('结束').click();
    await inbox.page.getByText('已结束与Ada Byron的会话').waitFor();
    const li = await stage.as('li');
    await until(
      () => li.conversations('?status=closed'),
      (closed) => closed.some(({ contact }) => contact.name === 'Ada Byron'),
    );
  });

  test('what is resolved by mistake comes back with one click', async () => {
    await waiting('Bo Undo');
    const inbox = await inboxOf('li');
    await inbox.open('Bo Undo');
    await inbox.take();
    await inbox.act('结束').click();
    await inbox.page.getByRole('status').getByRole('button', { name: '撤销' }).click();
    await inbox.row('Bo Undo').waitFor();
    await inbox.act('结束').waitFor();
    const [open] = (await (await stage.as('li')).conversations('?status=open')).filter(
      ({ contact }) => contact.name === 'Bo Undo',
    );
    expect(open?.assignee?.name).toBe('李雷');
  });

  test('a customer of another team leaves the screen at once, and is there for who joins the team', async () => {
    const admin = await stage.as('admin');
    await admin.post('/teams', { id: 'vip', name: 'VIP', memberIds: [] });
    await waiting('Di Gone');
    const inbox = await inboxOf('li');
    await inbox.open('Di Gone');
    const [conversation] = (await admin.conversations()).filter(({ contact }) => contact.name === 'Di Gone');
    await admin.post(`/conversations/${conversation?.id}/transfer`, { teamId: 'vip' });
    await inbox.page.getByText('选择一个会话开始接待').waitFor();
    await inbox.row('Di Gone').waitFor({ state: 'detached' });
    await admin.patch('/teams/vip', { memberIds: [(await stage.as('li')).agent.id] });
    await inbox.open('Di Gone');
    await admin.patch('/teams/vip', { memberIds: [] });
    stage.expectComplaint(/status of 404/);
    await inbox.page.getByText('选择一个会话开始接待').waitFor();
    await inbox.row('Di Gone').waitFor({ state: 'detached' });
  });

  test('of two agents who take the same customer at once one wins, and the other is told who', async () => {
    await waiting('Cy Race');
    const [li, han] = [await inboxOf('li'), await inboxOf('han')];
    await Promise.all([li.open('Cy Race'), han.open('Cy Race')]);
    const held: Route[] = [];
    for (const { page } of [li, han]) {
      await page.route('**/claim', (route) => void held.push(route));
      await page.locator('header').getByRole('button', { name: '接待', exact: true }).click();
    }
    // Both have clicked before the server hears of either.
    await until(() => held.length === 2);
    stage.expectComplaint(/status of 409/);
    await Promise.all(held.map((route) => route.continue()));
    const chief = await stage.as('supervisor');
    const winner = await until(
      async () =>
        (await chief.conversations()).find(({ contact }) => contact.name === 'Cy Race')?.assignee?.name,
    );
    const loser = winner === '李雷' ? han : li;
    await loser.page.getByText(`${winner}已经接待了。`).waitFor();
    await loser.page.getByText(`${winner}正在接待，你可以写内部备注。`).waitFor();
  });

  test('a platform that fails makes the reply wait, and it arrives once', async () => {
    const dan = await waiting('Dan Storm');
    const inbox = await inboxOf('li');
    await inbox.open('Dan Storm');
    await inbox.take();
    await stage.phones.control('acme-telegram', { fail: { count: 2, status: 500 } });
    await inbox.send('after the storm');
    await inbox.bubble('after the storm').getByRole('img', { name: '发送中' }).waitFor();
    await inbox.bubble('after the storm').getByRole('img', { name: '已发送' }).waitFor();
    expect(await dan.copiesOf('after the storm')).toBe(1);
  });

  test('a reply that the customer’s block refuses says why, and sent again it arrives once', async () => {
    const eve = await waiting('Eve Block');
    const inbox = await inboxOf('li');
    await inbox.open('Eve Block');
    await inbox.take();
    await eve.do({ kind: 'block' });
    await inbox.send('are you there?');
    await inbox.bubble('are you there?').getByText('客户已取消关注或拉黑').waitFor();
    await picture(inbox.page, 'desk-failed');
    await eve.do({ kind: 'unblock' });
    await inbox.bubble('are you there?').getByRole('button', { name: '重发' }).click();
    await inbox.bubble('are you there?').getByRole('img', { name: '已发送' }).waitFor();
    expect(await eve.copiesOf('are you there?')).toBe(1);
    await expect(inbox.bubble('are you there?').count()).resolves.toBe(1);
  });

  test('a reply of which nobody knows whether it arrived asks before it is sent again', async () => {
    const gil = await waiting('Gil Unknown');
    const inbox = await inboxOf('li');
    await inbox.open('Gil Unknown');
    await inbox.take();
    await stage.phones.control('acme-telegram', { dropAnswers: 1 });
    await inbox.send('did you get it?');
    await inbox.bubble('did you get it?').getByText('客户可能已经收到。再发一次？').waitFor();
    await inbox.bubble('did you get it?').getByRole('img', { name: '结果未知' }).waitFor();
    await picture(inbox.page, 'desk-unknown');
    expect(await gil.copiesOf('did you get it?')).toBe(1);
    await inbox.bubble('did you get it?').getByRole('button', { name: '重发' }).click();
    await inbox.bubble('did you get it?').getByRole('img', { name: '已发送' }).waitFor();
    expect(await gil.copiesOf('did you get it?')).toBe(2);
  });

  test.each([
    ['zh-CN', /平台允许的回复次数已用完/, '其他渠道'],
    ['en', /replies are used up/, 'Other channels'],
  ] as const)(
    'when the replies of WeChat are used up the composer says why and what can be done, in %s',
    async (language, reason, other) => {
      const name = `额度 ${language}`;
      const customer = stage.phones.of('acme-wechat', name);
      await customer.say('转人工');
      const li = await stage.as('li');
      const { platformId } = await customer.customer();
      const [row] = await until(
        async () =>
          (await li.conversations('?status=queued')).filter(({ contact }) =>
            contact.name.endsWith(platformId.slice(-6)),
          ),
        (found) => found.length === 1,
      );
      await li.post(`/conversations/${row?.id}/claim`);
      await customer.copiesOf('');
      await customer.say('在吗');
      await until(
        async () => (await li.conversations('?status=open')).find(({ id }) => id === row?.id),
        (open) => open?.replyWindow?.left === 5,
      );
      const page = await stage.page(await stage.agent('li', { language }), `/inbox?view=mine&c=${row?.id}`);
      await page.getByRole('log').waitFor();
      for (const text of ['一', '二', '三', '四', '五'])
        expect(
          (await li.post(`/conversations/${row?.id}/messages`, { text, clientMessageId: text })).status,
        ).toBe(201);
      // The page is open all the while: nobody reloads it.
      await page.getByText(reason).waitFor();
      await picture(page, `desk-quota-${language}`);
      expect(await page.getByRole('textbox', { name: /回复|Reply/ }).count()).toBe(0);
      await page.getByRole('button', { name: other }).click();
      await page.waitForURL(/\/customers\//);
    },
  );

  test('two Chinese characters find a customer across the scripts', async () => {
    await stage.phones.of('acme-wechat', '黃怡君').say('我的訂單還沒有出貨，轉人工');
    await waiting('张伟强');
    const inbox = await inboxOf('li');
    const search = inbox.page.getByRole('searchbox', { name: '搜索会话' });
    await search.fill('張偉');
    await inbox.row('张伟强').waitFor();
    await until(
      () => inbox.rows.count(),
      (count) => count === 1,
    );
    await search.fill('订单');
    await inbox.rows.filter({ hasNotText: '张伟强' }).first().click();
    await inbox.bubble('我的訂單還沒有出貨').waitFor();
  });

  test('a colleague who writes in the meantime is shown before a second answer goes out', async () => {
    const fay = await waiting('Fay Twice');
    const inbox = await inboxOf('li');
    await inbox.open('Fay Twice');
    await inbox.take();
    await inbox.reply.fill('second answer');
    const chief = await stage.as('supervisor');
    const [row] = (await chief.conversations()).filter(({ contact }) => contact.name === 'Fay Twice');
    // As if the news of it had not come yet: the server's answer must be enough.
    await inbox.page.route('**/api/v1/conversations/*/messages', async (route) => {
      const body = route.request().postDataJSON() as { lastSeenSeq?: number } | null;
      if (body?.lastSeenSeq === undefined) return route.continue();
      return route.continue({ postData: JSON.stringify({ ...body, lastSeenSeq: 1 }) });
    });
    await chief.post(`/conversations/${row?.id}/messages`, { text: 'first answer', clientMessageId: 'f1' });
    await fay.copiesOf('first answer');
    stage.expectComplaint(/status of 409/);
    await inbox.reply.press('Enter');
    const alert = inbox.thread.getByRole('alert').filter({ hasText: '刚刚已经回复' });
    await alert.getByText('first answer').waitFor();
    await picture(inbox.page, 'desk-collision');
    await alert.getByRole('button', { name: '仍然发送' }).click();
    expect(await fay.copiesOf('second answer')).toBe(1);
  });
});
