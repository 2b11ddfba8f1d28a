import { io, type Socket } from 'socket.io-client';
import { startJourney, type Journey } from '../support/journey';
import { closeStore } from '../support/store';
import { until } from '../support/until';
import { openVisitorPage, type VisitorPage } from '../support/visitor-page';

let journey: Journey;
/** Somebody who only wants an answer, all the while. */
let honest: VisitorPage;
let count = 0;
beforeAll(async () => {
  journey = await startJourney((config) => (config.trustProxy = 1));
  honest = await openVisitorPage(journey.url, { account: 'web' });
}, 60_000);
afterAll(async () => {
  honest.socket.disconnect();
  await journey.stop();
  await closeStore();
});
afterEach(async () => {
  expect(await honest.send({ clientMessageId: `h${++count}`, text: 'how long until my order ships?' })).toMatchObject({ ok: true });
  await until(() => honest.messages.filter(({ author }) => author === 'bot').length >= count);
  expect(honest.socket.connected).toBe(true);
}); // prettier-ignore

const visitorFrom = (address: string) =>
  openVisitorPage(journey.url, { account: 'web' }, { extraHeaders: { 'x-forwarded-for': address } });

async function isCut(socket: Pick<Socket, 'connected'>): Promise<void> {
  await until(() => !socket.connected);
}

test.each([
  ['typing of a visitor', 'typing', [{ typing: true }]],
  ['messages that are none', 'send', [{ nonsense: true }]],
  ['events that do not exist', 'nothing', []],
])('a flood of %s ends with its connection', async (_what, event, sent) => {
  const page = await visitorFrom('198.51.100.1');
  for (let index = 0; index < 400; index++) page.socket.emit(event as 'typing', ...(sent as [never]));
  await isCut(page.socket);
});

test('a flood of messages is answered with an error each, and twenty are kept', async () => {
  const page = await visitorFrom('198.51.100.2');
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_unused, index) => page.send({ clientMessageId: `f${index}`, text: 'x' })),
  );
  expect(answers.filter((answer) => 'ok' in answer)).toHaveLength(20);
  expect(answers.filter((answer) => 'error' in answer && answer.error.code === 'rate_limited')).toHaveLength(80);
  page.socket.disconnect();
}); // prettier-ignore

test('an address gets no more by being ever new visitors', async () => {
  const pages = await Promise.all(Array.from({ length: 15 }, () => visitorFrom('198.51.100.3')));
  // Counted before it is looked at: a file that is not there is refused for that, or for the limit.
  const answers = await Promise.all(
    pages.flatMap((page) =>
      Array.from({ length: 20 }, (_unused, index) =>
        page.send({ clientMessageId: `v${index}`, attachmentId: 'none' }),
      ),
    ),
  );
  const codes = answers.map((answer) => ('error' in answer ? answer.error.code : 'ok'));
  expect(codes.filter((code) => code === 'invalid_input')).toHaveLength(200);
  expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(100);
  for (const page of pages) page.socket.disconnect();
});

test('a flood of an agent’s own console is cut, and the other console of the same agent stays', async () => {
  const li = await journey.as('li');
  const [flooding, quiet] = [li.console(), li.console()];
  for (const feed of [flooding, quiet]) await feed.waitFor('ready');
  for (let index = 0; index < 400; index++) flooding.socket.emit('resume', { cursor: 0 }, () => undefined);
  await isCut(flooding.socket);
  expect(quiet.socket.connected).toBe(true);
  quiet.close();
});

test('bytes are not taken: neither attached to an event nor announced and kept back', async () => {
  const { token } = await journey.as('li');
  for (const [namespace, auth] of [['/', { token }], ['/webchat', { account: 'web' }]] as const) {
    const socket = io(journey.url + namespace, { auth, transports: ['websocket'], reconnection: false, forceNew: true });
    await until(() => socket.connected);
    socket.emit('send', { clientMessageId: 'b', text: Buffer.alloc(1_000) });
    await isCut(socket);
    const announcing = io(journey.url + namespace, { auth, transports: ['websocket'], reconnection: false, forceNew: true });
    await until(() => announcing.connected);
    for (const packet of ['59-["send",{"_placeholder":true,"num":0}]', '5999999-["send"]']) announcing.io.engine.write(packet, undefined, undefined);
    await isCut(announcing);
  }
}); // prettier-ignore

test('a packet larger than a message can be ends its connection', async () => {
  const page = await visitorFrom('198.51.100.4');
  page.socket.emit('send', { clientMessageId: 'l', text: 'x'.repeat(200_000) }, () => undefined);
  await isCut(page.socket);
});

test('raw packets that are none harm nobody', async () => {
  const packets = [
    'garbage',
    '40/nothing,{}',
    '4{',
    '42["send"',
    '42/webchat,["__proto__",{}]',
    '42/webchat,["disconnect"]',
    '42["connect"]',
    '9',
    '',
  ];
  for (const packet of packets) {
    const page = await visitorFrom('198.51.100.5');
    page.socket.io.engine.write(packet, undefined, undefined);
    page.socket.emit('typing', { typing: true });
    page.socket.disconnect();
  }
});
