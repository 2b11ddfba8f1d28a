import { until } from '../support/until';
import { describeInBrowser } from './support/chromium';
import { Inbox } from './support/inbox';
import { Stage } from './support/stage';

const missed = 50;
// Closed by a mark: a bubble's text goes on with the time, and "message 5" at 05:56 would read as "message 505:56".
const numbered = (count: number) => `message no. ${count};`;

describeInBrowser('A console that loses its connection', () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await Stage.set()), 60_000);
  afterAll(() => stage.strike());
  afterEach(async () => expect(await stage.clear()).toEqual([]));

  test('misses nothing and doubles nothing: fifty messages, a reply written offline, the server restarted', async () => {
    const grace = stage.phones.of('acme-telegram', 'Grace Gap');
    await grace.say('I want to talk to a human');
    const context = await stage.agent('li');
    const inbox = new Inbox(await stage.page(context, '/inbox?view=queue'));
    await inbox.open('Grace Gap');
    await inbox.take();
    await grace.say(numbered(0));
    await inbox.bubble(numbered(0)).waitFor();

    stage.expectComplaint(/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|WebSocket|status of 50\d/);
    await context.setOffline(true);
    await inbox.send('written offline');
    await inbox.bubble('written offline').getByText('等待网络').waitFor();
    for (let count = 1; count <= missed; count++) await grace.say(numbered(count));
    await stage.server.end('SIGKILL');
    await stage.server.start();
    await context.setOffline(false);

    expect(await grace.copiesOf('written offline')).toBe(1);
    await inbox.bubble('written offline').getByRole('img', { name: '已发送' }).waitFor();
    await inbox.bubble(numbered(missed)).waitFor();
    const shown = await until(
      () => inbox.thread.locator('[data-author=contact]').allInnerTexts(),
      (texts) => texts.join('\n').includes(numbered(missed)),
    );
    const numbers = shown.flatMap((text) => /message no\. (\d+)/.exec(text)?.[1] ?? []).map(Number);
    expect(numbers).toEqual(Array.from({ length: missed + 1 }, (_, index) => index));
    await expect(inbox.bubble('written offline').count()).resolves.toBe(1);
  }, 120_000);
});
