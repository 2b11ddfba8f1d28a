import { Contacts } from '../../src/crm/contacts';
import { defineCrm } from '../../src/crm/models';
import { createDesk, type Desk } from '../../src/desk';
import type { Inbound } from '../../src/domain/inbound';
import { freshMemory, type Plan } from '../../src/domain/plan';
import type { Bot, BotTurn } from '../../src/bot/bot';
import { textOf } from '../../src/domain/content';
import { createMessaging } from '../../src/messages';
import { createPipeline, type Pipeline } from '../../src/pipeline';
import type { Clock } from '../../src/platform/clock';
import { inProcessCoordination } from '../../src/platform/coordination/in-process';
import { createEvents } from '../../src/platform/events';
import { derivedId } from '../../src/platform/ids';
import { silentLogger } from '../../src/platform/log';
import { createMetrics } from '../../src/platform/metrics';
import { connectMongo, ensureIndexes } from '../../src/platform/mongo/connection';
import { SecretBox } from '../../src/platform/secrets';
import { Duty } from '../../src/platform/work/duty';
import { Leases } from '../../src/platform/work/leases';
import { Nodes } from '../../src/platform/work/nodes';
import { Failpoints, type Death } from './failpoint';
import type { PlatformStandIn } from './platform-stand-in';

export interface PathNode {
  failpoints: Failpoints;
  messaging: ReturnType<typeof createMessaging>;
  desk: Desk;
  events: ReturnType<typeof createEvents>;
  pipeline: Pipeline;
  relay: Duty;
  leases: Leases;
  /** Takes in what arrives; true once it is durable. */
  accept(inbound: Inbound): Promise<unknown>;
  close(): Promise<void>;
}

interface Options {
  url: string;
  clock: Clock;
  platform: PlatformStandIn;
  name: string;
  death?: Death | null;
  /** The step at which it stops until it is resumed. */
  pauseAt?: number;
  makesIndexes?: boolean;
}

let nodes = 0;
const metrics = createMetrics(() => Promise.reject(new Error('not scraped')));

/** The message path of one server: inbox, router, desk and outbox as in production, with a bot and a platform of the test. */
export async function startNode({
  url,
  clock,
  platform,
  name,
  death = null,
  pauseAt,
  makesIndexes = false,
}: Options): Promise<PathNode> {
  const connection = await connectMongo(url);
  const failpoints = new Failpoints(death, pauseAt ?? null);
  const coordination = inProcessCoordination();
  const { signals } = coordination;
  const contacts = new Contacts(defineCrm(connection));
  const messaging = createMessaging(connection, { clock, signals });
  const { inbox, outbox, messages, threads } = messaging;
  const desk = createDesk({
    connection,
    clock,
    deadlines: clock,
    coordination,
    config: { publicUrl: 'http://127.0.0.1', routing: { mode: 'pull', offerSeconds: 30 } },
    contacts,
    messages,
    outbox,
    devices: new SecretBox('x'.repeat(32)).signer('device'),
    threads,
    limitsOf: () => platform.limits,
    onSessionsEnded: () => undefined,
    hasConsole: async () => false,
  });
  const events = createEvents(connection, { signals, clock }, desk.carriers);
  const leases = new Leases(connection, `${name}.${++nodes}`, clock);
  const log = silentLogger;
  const relay = new Duty('relay', 250, () => events.relay.run(), { leases, clock, log });
  const host = platform.hostOf(failpoints, () => clock.now().getTime());
  const pipeline = createPipeline({
    inbox, outbox, threads, messages, contacts, host, leases, clock, signals, log, metrics,
    nodes: new Nodes(connection, leases.owner, clock),
    bot: echoBot as Bot,
    conversations: desk.conversations,
    cases: desk.cases,
    limitsOf: () => platform.limits,
    handoverNotice: () => Promise.resolve('A person will answer.'),
    contactWrote: (ticketId, at) => desk.clocks.contactWrote(ticketId, at),
  }); // prettier-ignore
  if (makesIndexes) await ensureIndexes(connection);
  await desk.policies.load({ sla: [], hours: null });
  signals.on('relay', () => relay.wake());
  failpoints.guard(connection);
  return {
    failpoints, messaging, desk, events, pipeline, relay, leases,
    accept: (inbound) => inbox.accept(inbound),
    async close() {
      failpoints.release();
      await connection.close(true);
      await coordination.close();
    },
  }; // prettier-ignore
}

/** Echoes; hands over when asked for a person; is silent once people have it. */
const echoBot = {
  plan: ({ content, conversation }: BotTurn): Promise<Plan> => {
    const text = textOf(content);
    const base = { memory: freshMemory, flowRun: null, language: 'en', handover: null, replies: [] };
    if (conversation && conversation.status !== 'bot')
      return Promise.resolve({ ...base, decision: { kind: 'leaveToAgent', because: 'queued' } });
    const replies = [
      { content: { type: 'text' as const, text: `echo: ${text}` }, origin: 'reply' as const, articleIds: [] },
    ];
    if (!text.includes('person'))
      return Promise.resolve({
        ...base,
        replies,
        decision: { kind: 'answer', articleId: 'a', confidence: 1 },
      });
    return Promise.resolve({
      ...base,
      decision: { kind: 'handOver', because: 'contact_asked' },
      handover: {
        reason: 'contact_asked', summary: text, slots: {}, articles: [], language: 'en', skills: [], priority: 'normal',
      }, // prettier-ignore
    });
  },
};

/** A message of a customer, as a channel hands it over. */
export function inboundOf(user: string, place: number, text: string, accountId = 'acme'): Inbound {
  return {
    id: `${accountId}:${user}-${place}`,
    accountId,
    channel: 'telegram',
    threadId: derivedId('th', accountId, user),
    identityId: derivedId('id', accountId, user),
    author: {
      network: 'telegram',
      externalId: user,
      platformId: null,
      name: user,
      language: 'en',
      followers: null,
    },
    what: { kind: 'message', content: { type: 'text', text } },
    sentAt: null,
    threadTags: { chatId: user },
    raw: Buffer.from(text),
  };
}
