import { randomBytes } from 'node:crypto';
import { VisitorTokens } from '../../src/channels/webchat/visitor-token';
import { SecretBox } from '../../src/platform/secrets';
import { eventNames, operators } from '../support/contract-walk';
import { startJourney, type Journey } from '../support/journey';
import { closeStore } from '../support/store';
import { until } from '../support/until';
import { openVisitorPage, type VisitorPage } from '../support/visitor-page';

let journey: Journey;
/** A visitor who has said something that nobody else may read. */
let victim: VisitorPage;
const pages: VisitorPage[] = [];
beforeAll(async () => {
  journey = await startJourney((config) => {
    config.channels.push({ id: 'shop', type: 'webchat', name: 'Shop', configuration: {} });
  });
  victim = await open({ account: 'web' });
  await victim.send({ clientMessageId: 'secret', text: 'my address is 5 Elm Street' });
  await answered(victim);
}, 60_000);
afterAll(async () => {
  for (const page of pages) page.socket.disconnect();
  await journey.stop();
  await closeStore();
});

async function open(auth: object): Promise<VisitorPage> {
  const page = await openVisitorPage(journey.url, auth);
  pages.push(page);
  return page;
}

const answered = (page: VisitorPage) => until(() => page.messages.some(({ author }) => author === 'bot'));
const parts = () =>
  victim.visitorToken.split('.') as [visitorId: string, issuedAt: string, signature: string];
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const signerOf = (secret: string, purpose: string) =>
  new VisitorTokens(new SecretBox(secret).signer(purpose));
const ourSecret = () => journey.config.secretKey ?? '';
const day = 24 * 3_600_000;

const badTokens: [string, () => string][] = [
  ['signed with another secret', () => signerOf(randomBytes(32).toString('hex'), 'visitor').issue('web', new Date(), parts()[0])],
  ['signed for another purpose', () => signerOf(ourSecret(), 'file').issue('web', new Date(), parts()[0])],
  ['of another account', () => signerOf(ourSecret(), 'visitor').issue('shop', new Date(), parts()[0])],
  ['past its 30 days', () => signerOf(ourSecret(), 'visitor').issue('web', new Date(Date.now() - 31 * day), parts()[0])],
  ['without its signature', () => parts().slice(0, 2).join('.')],
  ['with an empty signature', () => `${parts()[0]}.${parts()[1]}.`],
  ['with a longer life', () => `${parts()[0]}.${Number(parts()[1]) + day}.${parts()[2]}`],
  ['with a life that is no number', () => `${parts()[0]}.Infinity.${parts()[2]}`],
  ['of the visitor id alone', () => parts()[0]],
  ['with one part more', () => `${victim.visitorToken}.x`],
  ['with the separator moved', () => `${parts()[0]}|${parts()[1]}.${parts()[1]}.${parts()[2]}`],
  ['in the form of a JWT that says it needs no signature', () => `${encoded({ alg: 'none' })}.${encoded({ sub: parts()[0] })}.`],
  ['in the form of a JWT with another algorithm', () => `${encoded({ alg: 'HS256' })}.${encoded({ sub: parts()[0] })}.${parts()[2]}`],
  ...[1, 2, 10, 40].map((count): [string, () => string] => [`cut by ${count}`, () => victim.visitorToken.slice(0, -count)]),
]; // prettier-ignore

test('a good token made outside opens the history: the tokens below fail for their one flaw', async () => {
  const token = signerOf(ourSecret(), 'visitor').issue('web', new Date(), parts()[0]);
  const page = await open({ account: 'web', visitorToken: token });
  expect(page.history[0]?.text).toBe('my address is 5 Elm Street');
});

test.each(badTokens)('a token %s opens nothing: no page, no upload', async (_what, make) => {
  await expect(open({ account: 'web', visitorToken: make() })).rejects.toThrow('invalid_token');
  const refused = await victim.upload(Buffer.from('plain text'), 'a.txt', 'text/plain', make());
  expect(refused.status).toBe(401);
});

test('a token of one account opens nothing of another', async () => {
  const { visitorToken } = victim;
  await expect(open({ account: 'shop', visitorToken })).rejects.toThrow('invalid_token');
});

test('a visitor who names the victim in what is sent is a stranger still', async () => {
  const [visitorId] = parts();
  const stranger = await open({ account: 'web', visitorId, threadId: visitorId, email: 'victim@acme.test' });
  expect(stranger.history).toEqual([]);
  const answer = await stranger.send({ clientMessageId: 'x', text: 'hi', visitorId });
  expect(answer).toMatchObject({ error: { code: 'invalid_input' } });
  // The key of a message holds its visitor: the same clientMessageId is another message.
  expect(await stranger.send({ clientMessageId: 'secret', text: 'mine' })).toMatchObject({ ok: true });
  expect(stranger.visitorToken.split('.')[0]).not.toBe(visitorId);
  const again = await open({ account: 'web', visitorToken: victim.visitorToken });
  expect(again.history[0]?.text).toBe('my address is 5 Elm Street');
});

test("another visitor's file cannot be sent, by its id or by a good token of one's own", async () => {
  const uploaded = await victim.upload(Buffer.from('my invoice'), 'invoice.txt');
  expect(uploaded.status).toBe(201);
  const { attachmentId } = (await uploaded.json()) as { attachmentId: string };
  const stranger = await open({ account: 'web' });
  const answer = await stranger.send({ clientMessageId: 'file', attachmentId });
  expect(answer).toMatchObject({ error: { code: 'invalid_input' } });
  const bare = await fetch(`${journey.url}/files/${attachmentId}`, {
    headers: { authorization: `Bearer ${stranger.visitorToken}` },
  });
  expect(bare.status).toBe(401);
  expect(await victim.send({ clientMessageId: 'file', attachmentId })).toMatchObject({ ok: true });
});

test.each(operators)('an operator %j in the handshake is refused', async (operator) => {
  await expect(open({ account: operator })).rejects.toThrow('invalid_input');
  await expect(open({ account: 'web', visitorToken: operator })).rejects.toThrow('invalid_input');
});

/** For every event that a page may send: what is good, into whose fields operators go. */
const good: Record<string, Record<string, unknown>[]> = {
  send: [
    { clientMessageId: 'o', text: 'hi' },
    { clientMessageId: 'o', choice: 'a', label: 'A' },
    { clientMessageId: 'o', attachmentId: 'x' },
  ],
  typing: [{ typing: true }],
};

test('every event of a page is known here, and an operator in any of its fields stores nothing', async () => {
  const names = eventNames('webchat.ts', 'WebchatClientEvents');
  expect(names.toSorted()).toEqual(Object.keys(good).toSorted());
  const page = await open({ account: 'web' });
  for (const value of [...operators, null, 'text', 7, [], {}]) {
    expect(await page.send(value as object)).toMatchObject({ error: { code: 'invalid_input' } });
    page.socket.emit('typing', value as never);
  }
  for (const sample of good['send'] ?? [])
    for (const field of Object.keys(sample))
      for (const operator of operators) {
        const answer = await page.send({ ...sample, [field]: operator });
        expect(answer).toMatchObject({ error: { code: 'invalid_input' } });
      }
  for (const operator of operators) page.socket.emit('typing', { typing: operator as boolean });
  expect(await page.send({ clientMessageId: 'o', text: 'the only one' })).toMatchObject({ ok: true });
  await answered(page);
  const again = await open({ account: 'web', visitorToken: page.visitorToken });
  expect(again.history.filter(({ author }) => author === 'contact').map(({ text }) => text)).toEqual([
    'the only one',
  ]);
  expect(page.socket.connected).toBe(true);
});
