import * as sdk from '@botpress/sdk';
import { Channel } from '../../../../src/channels/host/channel';
import { toAppError } from '../../../../src/platform/http/error-handler';
import { closeStore } from '../../../support/store';
import { openChannelBench, outcomeOf, type ChannelBench } from '../channel-bench';

/**
 * An integration as anyone writes it on `@botpress/sdk`: it knows nothing of Parley, has a channel of its own name, message
 * ids that count in each room, and a state.
 */
const definition = new sdk.IntegrationDefinition({
  name: 'pager',
  version: '1.0.0',
  configuration: {
    schema: sdk.z.object({ key: sdk.z.string().min(3), greeting: sdk.z.string().default('hi') }),
  },
  channels: {
    room: {
      messages: { text: { schema: sdk.z.object({ text: sdk.z.string() }) } },
      message: { tags: { id: {} } },
      conversation: { tags: { room: {}, title: {} } },
    },
    alarm: {
      messages: { text: { schema: sdk.z.object({ text: sdk.z.string() }) } },
      message: { tags: { id: {} } },
      conversation: { tags: { room: {} } },
    },
  },
  states: { cursor: { type: 'integration', schema: sdk.z.object({ seen: sdk.z.number() }) } },
  actions: {
    page: {
      input: { schema: sdk.z.object({ room: sdk.z.string() }) },
      output: { schema: sdk.z.object({ paged: sdk.z.boolean() }) },
    },
  },
  user: { tags: { handle: {} } },
});

interface Incoming {
  room: string;
  title?: string;
  channel?: 'room' | 'alarm';
  handle: string;
  id?: string;
  text: unknown;
  doThis?: 'fail' | 'fail for now' | 'bug' | 'call something unknown' | 'state' | 'wrong state';
  same?: boolean;
}
type Call = (of: object) => Promise<Record<string, never>>;
/** The SDK's client, as far as this test looks at it. */
interface Client {
  getOrCreateConversation(of: object): Promise<{ conversation: { id: string } }>;
  getOrCreateUser(of: object): Promise<{ user: { id: string } }>;
  createMessage: Call;
  getOrCreateMessage(of: object): Promise<{ meta: { created: boolean } }>;
  getState(of: object): Promise<{ state: { payload: unknown } }>;
  setState: Call;
  listUsers?: Call;
}
interface HookProps {
  client: Client;
  req: { body?: string; headers: Record<string, string> };
  ctx: { integrationId: string; configuration: unknown };
}
interface SendProps {
  payload: object;
  conversation: { tags: object };
  message: { id: string };
  ack(of: object): Promise<void>;
}
const typeOf = (error: unknown) => (error as { metadata?: { type?: string } }).metadata?.type;
const sent: unknown[] = [];
let answers: string[] = [];

const integration = new sdk.Integration({
  register: async () => undefined,
  unregister: async () => undefined,
  async handler({ client, req, ctx }: HookProps) {
    if (req.headers['x-parley-body-encoding'] === 'base64') return { body: `base64 ${req.body}` };

    const message = JSON.parse(req.body ?? '{}') as Incoming;
    if (message.doThis) return misbehave(message.doThis, client, ctx);
    const tags = { room: message.room, ...(message.title !== undefined && { title: message.title }) };
    const { conversation } = await client.getOrCreateConversation({
      channel: message.channel ?? 'room',
      tags,
      discriminateByTags: ['room'],
    });
    const { user } = await client.getOrCreateUser({ tags: { handle: message.handle } });
    const row = {
      type: 'text',
      payload: { text: message.text },
      conversationId: conversation.id,
      userId: user.id,
      tags: message.id ? { id: message.id } : {},
    };
    if (!message.same) return void (await client.createMessage(row));
    const { meta } = await client.getOrCreateMessage(row);
    return { body: String(meta.created) };
  },
  channels: {
    room: { messages: { text: (props: SendProps) => page('room', props) } },
    alarm: { messages: { text: (props: SendProps) => page('alarm', props) } },
  },
  actions: {
    page: async ({ input }: { input: { room: string } }) => ({
      paged: input.room === 'wrong' ? 'yes' : true,
    }),
  },
} as never);

async function misbehave(what: NonNullable<Incoming['doThis']>, client: Client, ctx: HookProps['ctx']) {
  if (what === 'fail') throw new sdk.RuntimeError('No such room');
  if (what === 'fail for now') throw new sdk.RuntimeError('Busy', undefined, undefined, { retryable: true });
  if (what === 'bug') throw new TypeError('x is not a function');
  if (what === 'call something unknown') await client.listUsers?.({});
  const state = { type: 'integration', id: ctx.integrationId, name: 'cursor' };
  if (what === 'wrong state') await client.setState({ ...state, payload: { seen: 'many' } });
  const missing = await client.getState(state).catch(typeOf);
  await client.setState({ ...state, payload: { seen: 3 } });
  const found = await client.getState(state);
  await client.setState({ ...state, payload: null });
  const gone = await client.getState(state).catch(typeOf);
  return { body: JSON.stringify([missing, found.state.payload, gone, ctx.configuration]) };
}

async function page(channel: string, { payload, conversation, ack, message }: SendProps) {
  const failure = answers.shift();
  if (failure)
    throw new sdk.RuntimeError('no', undefined, undefined, JSON.parse(failure) as Record<string, unknown>);
  sent.push({ channel, payload, tags: conversation.tags, message: message.id });
  await ack({ tags: { id: '77' } });
}

const channel = new Channel({
  title: 'Pager',
  definition,
  integration,
  limits: { window: null, text: { max: 100, unit: 'characters' }, source: 'this test' },
  hasWebhook: true,
});

let bench: ChannelBench;
beforeEach(async () => {
  sent.length = 0;
  answers = [];
  bench = await openChannelBench(channel, { key: 'secret' });
});
afterEach(() => bench.close());
afterAll(closeStore);

const receive = (message: Partial<Incoming>) => bench.receive({ body: JSON.stringify(message) });
const hello = { room: 'r1', handle: 'ann', id: '1', text: 'hello' };

test('an integration that knows nothing of us receives a message', async () => {
  expect(await receive(hello)).toEqual({ status: 200, headers: {}, body: '' });
  expect(bench.kept).toMatchObject([
    {
      accountId: 'acme',
      channel: 'pager',
      what: { kind: 'message', content: { type: 'text', text: 'hello' } },
    },
  ]);
});

test('the same message id in the same room is one message, and in another room another', async () => {
  await receive(hello);
  await receive(hello);
  await receive({ ...hello, room: 'r2' });
  expect(bench.kept.map(({ threadTags }) => threadTags['room'])).toEqual(['r1', 'r2']);
});

test('a message without an id is a new one each time: nothing is taken for a repeat', async () => {
  await receive({ ...hello, id: undefined });
  await receive({ ...hello, id: undefined });
  expect(bench.kept).toHaveLength(2);
});

test('getOrCreateMessage says whether it was there already', async () => {
  const bodies = [await receive({ ...hello, same: true }), await receive({ ...hello, same: true })];
  expect(bodies.map(({ body }) => body)).toEqual(['true', 'false']);
});

test('a conversation is told by its discriminating tags, a user by all', async () => {
  await receive({ ...hello, title: 'Kitchen' });
  await receive({ ...hello, id: '2', title: 'Kitchen, renamed' });
  await receive({ ...hello, id: '3', handle: 'bob' });
  const [first, second, third] = bench.kept;
  expect(second?.threadId).toBe(first?.threadId);
  expect(second?.identityId).toBe(first?.identityId);
  expect(third?.identityId).not.toBe(first?.identityId);
  expect(first?.author.externalId).not.toBe('');
});

test('a payload that its own definition does not know is kept aside and answered 200', async () => {
  expect((await receive({ ...hello, text: 7 })).status).toBe(200);
  expect(bench.kept).toEqual([]);
  expect(Buffer.from(bench.quarantined[0]?.raw ?? []).toString()).toContain('"text":7');
});

test.each([
  ['an error of the SDK', 'fail', 400],
  ['an error that may heal', 'fail for now', 503],
  ['a client method that we do not offer', 'call something unknown', 400],
  ['a state that does not fit its schema', 'wrong state', 400],
] as const)('%s answers a status that the platform obeys', async (_what, doThis, status) => {
  const error = await receive({ doThis }).catch((thrown: unknown) => thrown);
  expect(toAppError(error)?.status).toBe(status);
  expect(bench.kept).toEqual([]);
});

test('an error that nobody foresaw is no answer of ours: the edge asks for redelivery', async () => {
  await expect(receive({ doThis: 'bug' })).rejects.toThrow(TypeError);
});

test('states are kept, taken out again, and the configuration has its defaults', async () => {
  const { body } = await receive({ doThis: 'state' });
  expect(JSON.parse(body)).toEqual([
    'ResourceNotFound',
    { seen: 3 },
    'ResourceNotFound',
    { key: 'secret', greeting: 'hi' },
  ]);
});

test('bytes that are no text reach an integration as base64, said by a header', async () => {
  expect((await bench.receive({ body: Buffer.from([0xff, 0xfe]) })).body).toBe('base64 //4=');
});

test.each([JSON.stringify(hello), ''])('a sender cannot say that its text is base64: %j', async (text) => {
  const headers = { 'x-parley-body-encoding': 'base64' };
  const { body } = await bench.receive({ headers, body: Buffer.from(text) });
  expect(body).not.toContain('base64');
});

test.each([
  ['room', undefined],
  ['alarm', 'alarm' as const],
])('a reply goes to the channel that the conversation came by: %s', async (name, came) => {
  await receive({ ...hello, channel: came });
  const tags = bench.kept[0]?.threadTags ?? {};
  const thread = { id: bench.kept[0]?.threadId ?? '', tags };
  const content = { type: 'text' as const, text: 'yes' };
  const outcome = await bench.host.send({ accountId: 'acme', thread, messageId: 'ms_1', content });
  expect(outcome).toEqual({ ok: true, externalId: `${thread.id}:77` });
  expect(sent).toEqual([{ channel: name, payload: { text: 'yes' }, tags: { room: 'r1' }, message: 'ms_1' }]);
});

const send = (content: Parameters<typeof bench.host.send>[0]['content']) =>
  bench.host.send({
    accountId: 'acme',
    thread: { id: 'th', tags: { room: 'r1' } },
    messageId: 'ms',
    content,
  });

test('choices become numbered lines where a channel has no buttons', async () => {
  const options = [
    { id: 'a', label: 'Refund' },
    { id: 'b', label: 'Repair' },
  ];
  expect(outcomeOf(await send({ type: 'choice', text: 'Which?', options }))).toBe('sent');
  expect(sent).toMatchObject([{ payload: { text: 'Which?\n1. Refund\n2. Repair' } }]);
});

test('what a channel cannot send fails at once, and is not unknown', async () => {
  expect(outcomeOf(await send({ type: 'location', latitude: 1, longitude: 2 }))).toBe('permanent');
});

test.each([
  [{ retryable: true, retryAfterMs: 4_000 }, 'retry'],
  [{ tokenExpired: true }, 'token'],
  [{ windowClosed: true, platformCode: '45015' }, 'window 45015'],
  [{ recipientGone: true }, 'recipient'],
  [{}, 'permanent'],
])('the metadata %j of a thrown error is the class %s', async (metadata, outcome) => {
  answers = [JSON.stringify(metadata)];
  expect(outcomeOf(await send({ type: 'text', text: 'x' }))).toBe(outcome);
});

test('an action is called with an input that fits, and its output is checked', async () => {
  const act = (name: string, input: unknown) => bench.host.act(bench.account, name, input);
  expect(await act('page', { room: 'r1' })).toEqual({ paged: true });
  await expect(act('page', { room: 1 })).rejects.toThrow(/the input of page is not valid/);
  await expect(act('page', { room: 'wrong' })).rejects.toThrow(/the output of page is not valid/);
  await expect(act('dance', {})).rejects.toThrow(/no action dance/);
});

test('every problem of a configuration is told with its path', () => {
  expect(channel.checkConfiguration({ key: 'x', greeting: 1 }).map(({ path }) => path)).toEqual([
    'key',
    'greeting',
  ]);
  expect(channel.configurationSchema()).toMatchObject({ properties: { key: { type: 'string' } } });
});

test('why a webhook failed stands in the log, its body does not', async () => {
  await receive({ doThis: 'fail', text: 'my card is 4111' }).catch(() => undefined);
  expect(bench.logged()).toContain('No such room');
  expect(bench.logged()).not.toContain('4111');
});
