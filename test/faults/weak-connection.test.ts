import { request } from 'node:http';
import { mergeMessage } from '../../agent-console/src/features/inbox/store/merge-message';
import { Feed } from '../../agent-console/src/lib/realtime/feed';
import type { ReadyEvent, ServerEvent } from '../../src/contract/events';
import type { MessageView } from '../../src/contract/messages';
import { ConsoleFeed, type ApiClient } from '../support/api-client';
import { isWith, startJourney, type Journey } from '../support/journey';
import { chooseSeed, seededRandom } from '../support/random';
import { closeStore } from '../support/store';
import { until } from '../support/until';
import { openVisitorPage, type VisitorPage } from '../support/visitor-page';
import { WeakLine, type Break } from '../support/weak-line';

const seed = chooseSeed('weak connection');
const random = seededRandom(seed);
const below = (limit: number) => Math.floor(random() * limit);
const races = Number(process.env['PARLEY_DROPS'] ?? 40);
const customers = 5;

let journey: Journey;
beforeAll(async () => (journey = await startJourney()));
afterAll(async () => {
  await journey.stop();
  await closeStore();
});

/** Every second request breaks somewhere: in its head, in its body, while it is worked on, in its answer. */
const weakRequest = (): Break | null =>
  random() < 0.5 ? null : random() < 0.5 ? { of: 'request', afterBytes: below(520) } : { of: 'answer', afterBytes: below(400) }; // prettier-ignore
/** The client does not notice a connection that goes between its two handshakes: only its timeout ends that. */
const connectWithinMs = 2_000;
/** No console stays open for long: some break before they are welcome. */
const weakSocket = (): Break => ({ of: 'answer', afterBytes: 300 + below(random() < 0.5 ? 2_000 : 40_000) });

/** One try over a connection of its own, as a browser whose connection has gone makes it. Null: no answer. */
function tryOnce(url: string, token: string, body: object): Promise<number | null> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const asked = request(url, { method: 'POST', agent: false, headers }, (answer) => {
      answer.on('error', () => resolve(null)).on('end', () => resolve(answer.statusCode ?? null));
      answer.on('close', () => resolve(null)).resume();
    });
    asked.on('error', () => resolve(null));
    asked.end(JSON.stringify(body));
  });
}

/** Tries until it is told that it stands, now and then twice at once, as from two open pages. Answers all it was told. */
async function send(url: string, token: string, body: object): Promise<(number | null)[]> {
  const told: (number | null)[] = [];
  for (;;) {
    const tries = random() < 0.3 ? 2 : 1;
    told.push(...(await Promise.all(Array.from({ length: tries }, () => tryOnce(url, token, body)))));
    if (told.some((status) => status === 200 || status === 201)) return told;
  }
}

/** A console behind a weak line: it connects again for ever, and shows what the console's own feed lets through. */
function openConsole(line: WeakLine, token: string) {
  const state = { resets: 0, gaps: 0, isOver: false, last: 0, shown: new Map<string, MessageView>() };
  const created: string[] = [];
  let console: ConsoleFeed;
  const feed = new Feed({
    resume: (cursor) => console.socket.timeout(2_000).emitWithAck('resume', { cursor }),
    apply(event) {
      if (event.prev !== state.last) state.gaps += 1;
      state.last = event.seq;
      if (event.type === 'message:created') created.push(event.data.message.id);
      if (!('message' in event.data)) return;
      const { message } = event.data;
      state.shown.set(message.id, mergeMessage(state.shown.get(message.id), message));
    },
    reset: () => void (state.resets += 1),
    settled: () => undefined,
  });
  const connect = () => {
    console = new ConsoleFeed(line.url, token, { timeout: connectWithinMs });
    const own = console.socket;
    own.on('event', (event: ServerEvent | ReadyEvent) => {
      if (event.type !== 'ready') return feed.take(event);
      if (state.last === 0) state.last = event.seq;
      feed.ready(event);
    });
    own.on('head', ({ seq }) => feed.noteHead(seq));
    const again = () => {
      if (own !== console.socket) return;
      own.removeAllListeners();
      own.disconnect();
      if (!state.isOver) connect();
    };
    // A connection may also go after it opened and before it was welcome.
    own.once('connect_error', again).io.once('close', again);
  };
  connect();
  return {
    state,
    created,
    close() {
      state.isOver = true;
      console.close();
    },
  };
}

async function claimed(li: ApiClient, name: string) {
  const phone = journey.sandbox.telegram.customer('acme-telegram', name);
  await phone.sendText('转人工');
  const items = await li.until(
    () => li.conversations('?status=queued&limit=100'),
    (all) => all.some(isWith(phone)),
  );
  const id = items.find(isWith(phone))?.id ?? '';
  expect((await li.post(`/conversations/${id}/claim`)).status).toBe(200);
  return { phone, id };
}

test(`of ${races} replies over a connection that drops mid-send each arrives once (seed ${seed}), and the console misses nothing`, async () => {
  const li = await journey.as('li');
  const chats = [];
  for (let at = 0; at < customers; at++) chats.push(await claimed(li, `weak line ${at}`));
  const requests = await WeakLine.start(journey.url, weakRequest);
  let isWeak = true;
  const sockets = await WeakLine.start(journey.url, () => (isWeak ? weakSocket() : null));
  const console = openConsole(sockets, li.token);
  await until(() => console.state.resets === 1);
  const told: (number | null)[] = [];
  await Promise.all(
    chats.map(async ({ id }, chat) => {
      for (let at = 0; at < races / customers; at++) {
        const reply = { text: `reply ${at} of ${chat}`, clientMessageId: `weak-${chat}-${at}` };
        told.push(...(await send(`${requests.url}/api/v1/conversations/${id}/messages`, li.token, reply)));
      }
    }),
  );
  isWeak = false;
  expect(new Set(told)).toEqual(new Set([null, 200, 201]));
  for (const [chat, { phone, id }] of chats.entries()) {
    const expected = Array.from({ length: races / customers }, (_unused, at) => `reply ${at} of ${chat}`);
    const sent = await li.until(
      async () => (await li.messages(id)).filter(({ author }) => author === 'agent'),
      (all) => all.every(({ delivery }) => delivery === 'sent'),
      30_000,
    );
    expect(sent.map(({ text }) => text)).toEqual(expected);
    expect(phone.received().flatMap(({ text }) => (text.startsWith('reply') ? [text] : []))).toEqual(
      expected,
    );
    // What was patched together over many connections is what a fresh page reads.
    await until(
      () => sent.every(({ id: one }) => console.state.shown.get(one)?.delivery === 'sent'),
      Boolean,
      30_000,
    );
    expect(sent.map(({ id: one }) => console.state.shown.get(one))).toEqual(sent);
  }
  const { resets, gaps } = console.state;
  expect({ resets, gaps, doubled: console.created.length - new Set(console.created).size }).toEqual({ resets: 1, gaps: 0, doubled: 0 }); // prettier-ignore
  process.stdout.write(
    `weak connection: ${races} replies, ${requests.broken} broken requests, ${sockets.broken} broken consoles\n`,
  );
  expect(Math.min(requests.broken, sockets.broken)).toBeGreaterThan(0);
  console.close();
  await requests.close();
  await sockets.close();
}, 180_000);

/** Sends over pages that are opened again until one acknowledges. */
async function sendAsVisitor(line: WeakLine, visitorToken: string, message: object): Promise<void> {
  for (;;) {
    let page: VisitorPage | null = null;
    try {
      page = await openVisitorPage(line.url, { account: 'web', visitorToken }, { timeout: connectWithinMs });
      const gone = new Promise<null>((resolve) => page?.socket.io.once('close', () => resolve(null)));
      const answer = await Promise.race([page.send(message), gone]);
      if (answer && 'ok' in answer) return;
    } catch {
      // It broke before it was welcome.
    } finally {
      page?.socket.disconnect();
    }
  }
}

test(`what visitors of the web chat send over sockets that drop is written once (seed ${seed})`, async () => {
  const weakPage = (): Break =>
    random() < 0.5
      ? { of: 'request', afterBytes: 300 + below(500) }
      : { of: 'answer', afterBytes: 300 + below(1_200) };
  let opened = 0;
  // The first breaks for certain, in its greeting.
  const line = await WeakLine.start(journey.url, () => {
    if (opened++ === 0) return { of: 'request', afterBytes: 300 };
    return random() < 0.3 ? null : weakPage();
  });
  const texts = ['转人工', ...Array.from({ length: 4 }, (_unused, at) => `line ${at}`)];
  const admin = await journey.as('admin');
  const visit = async (visitor: number) => {
    const page = await openVisitorPage(journey.url, { account: 'web' });
    page.socket.disconnect();
    for (const text of texts)
      await sendAsVisitor(line, page.visitorToken, { clientMessageId: `${visitor}-${text}`, text });
  };
  await Promise.all(Array.from({ length: Math.ceil(races / 25) }, (_unused, visitor) => visit(visitor)));
  const conversations = await admin.conversations('?channel=webchat');
  expect(conversations).toHaveLength(Math.ceil(races / 25));
  for (const { id } of conversations) {
    const written = await admin.until(
      async () => (await admin.messages(id)).filter(({ author }) => author === 'contact'),
      ({ length }) => length >= texts.length,
      15_000,
    );
    expect(written.map(({ text }) => text)).toEqual(texts);
  }
  expect(line.broken).toBeGreaterThan(0);
  await line.close();
}, 120_000);
