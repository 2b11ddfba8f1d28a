import type { MessageView } from '../../src/contract/messages';
import { isWith, startJourney, type Journey } from '../support/journey';
import { closeStore } from '../support/store';
import { until } from '../support/until';
import { openVisitorPage } from '../support/visitor-page';

let journey: Journey;
beforeAll(async () => (journey = await startJourney()), 60_000);
afterAll(async () => {
  await journey.stop();
  await closeStore();
});

/** What breaks out of a page's text, attribute, script, style, address or template, when someone forgets to escape. */
const corpus = [
  '<script>alert(1)</script>',
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '"><svg onload=alert(1)>',
  `'"><iframe srcdoc="<script>alert(1)</script>">`,
  '<a href="javascript:alert(1)">x</a>',
  '[x](javascript:alert(1))',
  'JaVaScRiPt:alert(1)',
  'data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==',
  '<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  '<details open ontoggle=alert(1)>',
  '<style>@import "javascript:alert(1)"</style>',
  '{{constructor.constructor("alert(1)")()}}',
  '${alert(1)} #{alert(1)} <%= alert(1) %>',
  '<!--<img src="--><img src=x onerror=alert(1)//">',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '\u2028alert(1)\u2029',
  ']]><script>alert(1)</script>',
  '<ScRiPt\n>alert(1)</sCrIpT >',
];

/** Everything about one conversation that the API answers, and the types it is answered with. */
async function read(path: string, token: string) {
  const answer = await fetch(journey.url + path, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  expectGuarded(answer);
  return answer.text();
}

/** Whatever it is, a browser takes it for nothing else and runs nothing of others in it. */
function expectGuarded({ headers }: Response): void {
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toContain("default-src 'self'");
}

const saidBy = (messages: MessageView[]) =>
  messages.filter(({ author }) => author === 'contact').map(({ text }) => text);

test.each(['telegram', 'wechat'] as const)('what a %s customer writes is text, to the letter', async (channel) => {
  const li = await journey.as('li');
  const feed = li.console();
  await feed.waitFor('ready');
  const phone = journey.sandbox[channel].customer(channel === 'wechat' ? 'acme-wechat' : 'acme-telegram', `xss ${channel}`);
  for (const text of corpus) await phone.sendText(text);
  const [found] = await li.until(() => li.conversations('?limit=100').then((all) => all.filter(isWith(phone))), (all) => all.length === 1, 15_000);
  const id = found?.id ?? '';
  const messages = await li.until(() => li.messages(id), (all) => saidBy(all).length >= corpus.length, 30_000);
  expect(saidBy(messages).toSorted()).toEqual(corpus.toSorted());
  const heard = () => feed.events.flatMap((event) => event.type === 'message:created' && event.data.conversationId === id ? [event.data.message] : []);
  await until(() => saidBy(heard()).length >= corpus.length);
  expect(saidBy(heard()).toSorted()).toEqual(corpus.toSorted());
  for (const path of [`/conversations/${id}`, `/conversations/${id}/messages`, '/conversations?limit=100'])
    await read(`/api/v1${path}`, li.token);
  feed.close();
}, 60_000); // prettier-ignore

test('a customer whose name is a page is called by it, as text', async () => {
  const li = await journey.as('li');
  const name = '<img src=x onerror=alert(1)>';
  const phone = journey.sandbox.telegram.customer('acme-telegram', name);
  await phone.sendText('hello');
  const named = await li.until(
    async () => (await li.conversations('?limit=100')).filter(({ contact }) => contact.name.startsWith(name)),
    (all) => all.length === 1,
    15_000,
  );
  expect(named[0]?.contact.name).toBe(name);
});

test('an address or an id that is a page comes back in an error as JSON', async () => {
  const { token } = await journey.as('li');
  for (const text of corpus)
    for (const path of ['/api/v1/conversations/', '/api/v1/'])
      await read(`${path}${encodeURIComponent(text)}`, token);
});

// Where the console is built, an address that is not the API's is one of its screens.
test('an address that is a page is answered with JSON, or with a page it is not in', async () => {
  for (const text of corpus) {
    const answer = await fetch(`${journey.url}/nothing/${encodeURIComponent(text)}`);
    expectGuarded(answer);
    const isJson = /^application\/json/.test(answer.headers.get('content-type') ?? '');
    expect(isJson || !(await answer.text()).includes(text)).toBe(true);
  }
});

test('what a visitor writes comes back to the visitor as it was written', async () => {
  const page = await openVisitorPage(journey.url, { account: 'web' });
  const texts = corpus.slice(0, 10);
  for (const [index, text] of texts.entries())
    expect(await page.send({ clientMessageId: `x${index}`, text })).toMatchObject({ ok: true });
  const li = await journey.as('li');
  const history = await li.until(
    async () => {
      const again = await openVisitorPage(journey.url, { account: 'web', visitorToken: page.visitorToken });
      again.socket.disconnect();
      return again.history.filter(({ author }) => author === 'contact').map(({ text }) => text);
    },
    (all) => all.length === texts.length,
    15_000,
    100,
  );
  expect(history.toSorted()).toEqual(texts.toSorted());
  page.socket.disconnect();
});
