import { safePolicy } from '../../src/domain/send-policy';
import { sendPolicies } from '../../src/channels/send-policies';
import { inboundOf } from '../support/path-node';
import { openPathBench } from '../support/path-bench';
import { readStore } from '../support/path-oracle';
import type { Behaviour } from '../support/platform-stand-in';
import { closeStore } from '../support/store';

let bench: Awaited<ReturnType<typeof openPathBench>>;
beforeAll(async () => (bench = await openPathBench()));
afterAll(async () => {
  await bench.close();
  await closeStore();
});

const lost: Behaviour = {
  accepts: true,
  outcome: { ok: false, errorClass: 'unknown', message: 'no answer', platformCode: null, retryAfterMs: null },
};
const taken: Behaviour = { accepts: true, outcome: { ok: true, externalId: null } };

test.each([
  ['wechat', sendPolicies.wechat],
  ['telegram', sendPolicies.telegram],
  ['an integration that nobody described', safePolicy],
])('%s: a reply whose answer was lost is unknown, and is not sent again by itself', (_name, policy) =>
  bench.scene(async ({ node, deliver, drained, platform, witness }) => {
    const server = await node('a');
    platform.policy = policy;
    platform.behave = (_outgoing, call) => (call === 1 ? lost : taken);
    await deliver(server, inboundOf('ann', 1, 'first'));
    await deliver(server, inboundOf('ann', 2, 'second'));
    await drained();
    expect(platform.calls).toHaveLength(2);
    expect((await readStore(witness)).outbox.map(({ state }) => state).sort()).toEqual(['sent', 'unknown']);
  }), 60_000); // prettier-ignore

test('webchat: a reply whose answer was lost goes out again under the same key, before those behind it', () =>
  bench.scene(async ({ node, deliver, drained, platform, witness }) => {
    const server = await node('a');
    platform.policy = sendPolicies.webchat;
    platform.behave = (_outgoing, call) => (call === 1 ? lost : taken);
    await deliver(server, inboundOf('ann', 1, 'first'));
    await deliver(server, inboundOf('ann', 2, 'second'));
    await drained();
    const [first, again, second] = platform.calls.map(({ key }) => key);
    expect(again).toBe(first);
    expect(second).not.toBe(first);
    expect((await readStore(witness)).outbox.map(({ state }) => state)).toEqual(['sent', 'sent']);
  }), 60_000); // prettier-ignore

test('a platform that shows us our own message settles what was unknown, without a second call', () =>
  bench.scene(async ({ node, deliver, drained, until, platform, witness }) => {
    const server = await node('a');
    platform.behave = () => lost;
    await deliver(server, inboundOf('ann', 1, 'hello'));
    await drained();
    const [reply] = (await readStore(witness)).outbox;
    expect(reply?.state).toBe('unknown');
    const echo = (messageId: string, id: string, accountId = 'acme') => ({
      ...inboundOf('ann', 2, '', accountId),
      id: `${accountId}:${id}`,
      what: {
        kind: 'event' as const,
        event: { type: 'echoed' as const, messageId, externalId: `${accountId}-77` },
      },
    });
    // Another account knows nothing of our keys.
    await deliver(server, echo(String(reply?.messageId), 'foreign', 'other'));
    await drained();
    expect((await readStore(witness)).outbox.map(({ state }) => state)).toEqual(['unknown']);
    await deliver(server, echo(String(reply?.messageId), 'echo'));
    await until(async () => (await readStore(witness)).outbox.every(({ state }) => state === 'sent'));
    await drained();
    const message = (await readStore(witness)).messages.find(({ _id }) => _id === reply?.messageId);
    expect(message).toMatchObject({ delivery: 'sent', externalId: 'acme-77' });
    expect(platform.calls).toHaveLength(1);
  }), 60_000); // prettier-ignore

test("the bot's reply that does not fit the platform's window is a failed message with the reason, and no call is made", () =>
  bench.scene(async ({ node, deliver, drained, platform, witness }) => {
    const server = await node('a');
    const oneMessage = { openMs: 3_600_000, messages: 1 };
    platform.limits = {
      ...platform.limits,
      window: { onMessage: oneMessage, onClick: oneMessage },
      text: { max: 20, unit: 'characters' },
    };
    await deliver(server, inboundOf('ann', 1, 'short'));
    await drained();
    await deliver(server, inboundOf('ann', 2, 'a reply to this is longer than one message'));
    await drained();
    const { messages, conversations } = await readStore(witness);
    expect(messages.filter(({ author }) => author === 'bot')).toMatchObject([
      { delivery: 'sent', deliveryError: null },
      {
        delivery: 'failed',
        deliveryError: { class: 'window', message: expect.stringContaining('shorten it') },
      },
    ]);
    expect(platform.calls).toHaveLength(1);
    expect(conversations).toMatchObject([{ replyWindow: { left: 1 } }]);
  }), 60_000); // prettier-ignore
