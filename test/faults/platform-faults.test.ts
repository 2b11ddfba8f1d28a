import { randomBytes } from 'node:crypto';
import type { MessageView } from '../../src/contract/messages';
import { patience } from '../../src/channels/host/call-platform';
import type { ApiClient } from '../support/api-client';
import { startJourney, type Journey } from '../support/journey';
import { chooseSeed, seededRandom } from '../support/random';
import { closeStore } from '../support/store';
import { retryAfterSeconds, TcpPlatform, type PlatformFault } from '../support/tcp-platform';

const seed = chooseSeed('platform faults');
const random = seededRandom(seed);
const secretToken = randomBytes(12).toString('hex');
const question = 'how long until my order ships?';
const customers = 3;
const questions = 2;

/** What may become of a message that met it: where nobody can tell whether it was taken, a person decides. */
const faults: [PlatformFault, MessageView['delivery']][] = [
  ['reset before accept', 'unknown'],
  ['reset after accept', 'unknown'],
  ['stall', 'unknown'],
  ['half an answer', 'unknown'],
  ['garbage', 'unknown'],
  [401, 'sent'],
  [429, 'sent'],
  [500, 'sent'],
];

const platforms = new Map<PlatformFault, TcpPlatform>();
let journey: Journey;
let admin: ApiClient;
const patienceMs = patience.ms;
beforeAll(async () => {
  patience.ms = 1_000;
  // The first call always meets it, some of the next ones do, and later ones none, so that each account comes to rest.
  for (const [fault] of faults)
    platforms.set(
      fault,
      await TcpPlatform.start((call) => (call === 0 || (call < 5 && random() < 0.5) ? fault : null)),
    );
  journey = await startJourney(({ channels }) => {
    for (const [at, [fault]] of faults.entries()) {
      const botToken = `${7_100 + at}:${randomBytes(17).toString('hex')}`;
      const apiBaseUrl = platforms.get(fault)?.url ?? '';
      channels.push({ id: idOf(fault), type: 'telegram', name: `Bot ${at}`, configuration: { botToken, secretToken, apiBaseUrl } }); // prettier-ignore
    }
  });
  admin = await journey.as('admin');
});
afterAll(async () => {
  patience.ms = patienceMs;
  await journey?.stop();
  for (const platform of platforms.values()) await platform.close();
  await closeStore();
});

const idOf = (fault: PlatformFault) => `bot-${String(fault).replaceAll(' ', '-')}`;
const userOf = (fault: PlatformFault, customer: number) =>
  700_000 + faults.findIndex(([one]) => one === fault) * 100 + customer;

let updates = 0;
async function write(fault: PlatformFault, customer: number, place: number): Promise<number> {
  const user = userOf(fault, customer);
  const from = { id: user, is_bot: false, first_name: `Caller ${user}` };
  const message = {
    message_id: ++updates,
    date: 1_790_000_000,
    chat: { id: user, type: 'private' },
    from,
    text: `${question} ${place}`,
  };
  const answer = await fetch(`${journey.url}/webhooks/${idOf(fault)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secretToken },
    body: JSON.stringify({ update_id: updates, message }),
  });
  return answer.status;
}

/** The bot's answers to one customer, once all of them have come to rest. */
async function answersTo(fault: PlatformFault, customer: number): Promise<MessageView[]> {
  const name = `Caller ${userOf(fault, customer)}`;
  const read = async () => {
    const all = await admin.conversations('?limit=100');
    const found = all.find(({ contact }) => contact.name === name);
    const messages = found ? await admin.messages(found.id) : [];
    return messages.filter(({ author }) => author === 'bot');
  };
  return admin.until(
    read,
    (answers) => answers.length === questions && answers.every(({ delivery }) => delivery !== 'pending'),
    60_000,
  );
}

test(`over real connections each message is accepted once, or is unknown (seed ${seed})`, async () => {
  // All accounts at once: the trouble of one is nobody else's.
  const told = [];
  for (let place = 0; place < questions; place++)
    for (let customer = 0; customer < customers; customer++)
      told.push(...(await Promise.all(faults.map(([fault]) => write(fault, customer, place)))));
  expect(new Set(told)).toEqual(new Set([200]));
  for (const [fault, worst] of faults) {
    const platform = platforms.get(fault) as TcpPlatform;
    for (let customer = 0; customer < customers; customer++) {
      const answers = await answersTo(fault, customer);
      const accepted = platform.accepted.filter(({ chatId }) => chatId === userOf(fault, customer));
      const sent = answers.filter(({ delivery }) => delivery === 'sent').length;
      const unknown = answers.filter(({ delivery }) => delivery === 'unknown').length;
      expect([fault, customer, sent + unknown]).toEqual([fault, customer, questions]);
      if (worst === 'sent') expect([fault, customer, unknown]).toEqual([fault, customer, 0]);
      expect(accepted.length).toBeGreaterThanOrEqual(sent);
      expect(accepted.length).toBeLessThanOrEqual(sent + unknown);
    }
    const met = platform.calls.filter((call) => call.fault === fault).length;
    const flagged = platform.calls.length - (worst === 'unknown' ? 0 : met);
    // Never sent again by itself: one call for each message. What was refused is called again as often as it was.
    expect([fault, met > 0, flagged]).toEqual([fault, true, customers * questions]);
  }
}, 120_000);

test('after a 429 no customer of the account is sent anything before its Retry-After', () => {
  const { calls } = platforms.get(429) as TcpPlatform;
  for (const refused of calls.filter(({ fault }) => fault === 429)) {
    const isTooEarly = ({ at }: { at: number }) =>
      at > refused.at && at < refused.at + retryAfterSeconds * 1_000 - 5;
    const early = calls.filter(isTooEarly).map(({ chatId }) => chatId);
    expect(early).not.toContain(refused.chatId);
    // What was under way to others when it said so cannot be called back.
    expect(new Set(early).size).toBe(early.length);
  }
});
