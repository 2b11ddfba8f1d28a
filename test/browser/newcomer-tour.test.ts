import { describeInBrowser } from './support/chromium';
import { Inbox } from './support/inbox';
import { picture } from './support/picture';
import { Stage } from './support/stage';

describeInBrowser('The newcomer’s tour', () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await Stage.set()), 60_000);
  afterAll(() => stage.strike());
  afterEach(async () => expect(await stage.clear()).toEqual([]));

  test('from a question to a resolved case with only a browser, each step ticks when it happened', async () => {
    const context = await stage.visitor();
    const phones = await stage.page(context, '/sandbox');
    const ticked = (steps: number) =>
      phones
        .locator('li', { has: phones.getByLabel('已完成') })
        .nth(steps - 1)
        .waitFor();
    await phones.getByRole('button', { name: '问：退款多久到账？' }).click();
    await ticked(1);
    await phones.getByRole('button', { name: '说：转人工' }).click();
    await ticked(2);
    const opening = context.waitForEvent('page');
    await phones.getByRole('region', { name: '五步上手' }).getByRole('link', { name: '打开工作台' }).click();
    const desk = await opening;
    await desk.getByLabel('邮箱').fill('li@acme.test');
    await desk.getByLabel('密码').fill(stage.passwordOf('li'));
    stage.expectComplaint(/status of 401/);
    await desk.getByRole('button', { name: '登录', exact: true }).click();

    const inbox = new Inbox(desk);
    await inbox.view('排队中');
    await inbox.rows.first().click();
    await desk.getByRole('region', { name: '转人工' }).getByText('客户要求人工').waitFor();
    await inbox.take();
    await phones.bringToFront();
    await ticked(3);
    await desk.bringToFront();
    await inbox.send('您好，我是李雷，马上帮您查退款。');
    await inbox.bubble('马上帮您查退款').getByRole('img', { name: '已发送' }).waitFor();
    await phones.bringToFront();
    await phones.locator('[data-account=acme-wechat]').getByText('马上帮您查退款').waitFor();
    await ticked(4);
    await picture(phones, 'tour-replied');
    await desk.bringToFront();
    await picture(desk, 'tour-inbox');
    await inbox.act('结束').click();
    await phones.bringToFront();
    await ticked(5);
    await phones.getByText('走完了！这就是一次完整的服务。').waitFor();
  }, 90_000);
});
