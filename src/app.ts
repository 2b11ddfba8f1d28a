import { hostname } from 'node:os';
import { join } from 'node:path';
import { createBot } from './bot';
import { builtInChannels } from './channels';
import { Accounts } from './channels/host/accounts';
import { ChannelHost } from './channels/host/host';
import { channelHandlers } from './channels/host/http';
import { IntegrationStates } from './channels/host/states';
import { webhookHandler } from './channels/webhooks';
import { CatchUp } from './channels/webchat/catch-up';
import { serveWebchat, type WebchatGateway } from './channels/webchat/gateway';
import { webchatLimits } from './channels/webchat/limits';
import { toWebchatMessage } from './channels/webchat/message';
import { webchatRouter } from './channels/webchat/http';
import { VisitorTokens } from './channels/webchat/visitor-token';
import { Contacts } from './crm/contacts';
import { defineCrm } from './crm/models';
import { createDesk } from './desk';
import { seedPeople, type Login } from './desk/agents/seed-people';
import { createKnowledge } from './knowledge';
import { thresholds } from './knowledge/retriever';
import { createMessaging } from './messages';
import { readBacklog } from './messages/backlog';
import { contactHistory } from './messages/contact-history';
import { DeadLetters } from './messages/dead-letters/dead-letters';
import { deadLetterHandlers } from './messages/dead-letters/http';
import { toMessageView } from './messages/view';
import { createPipeline } from './pipeline';
import { systemClock, type Clock } from './platform/clock';
import { DeadlineTime } from './platform/deadline-time';
import type { Config } from './platform/config';
import { ownHost } from './platform/config/environment';
import { keptSecret, randomSecret } from './platform/config/data-dir';
import { openCoordination } from './platform/coordination/open';
import { createEvents } from './platform/events';
import { sweepEveryMs } from './platform/events/relay';
import { FileStore, filesRouter } from './platform/files/file-store';
import { createApiRouter, type Handlers } from './platform/http/api';
import { readCredentials } from './platform/http/credentials';
import { errorHandler, nothingHere } from './platform/http/error-handler';
import { openApiDocument } from './platform/http/openapi';
import { metricsRouter, operationsRouter } from './platform/http/operations';
import { pagesRouter } from './platform/http/pages';
import { proxyTo } from './platform/http/proxy';
import { warnOfProxy } from './platform/http/proxy-warning';
import { createHttpServer } from './platform/http/server';
import { newId } from './platform/ids';
import { openModel } from './platform/llm/language-model';
import type { Logger } from './platform/log';
import { createMetrics } from './platform/metrics';
import { installationId } from './platform/mongo/installation';
import { migrate } from './platform/mongo/migrate';
import { openStore } from './platform/mongo/store';
import { createGuardedFetch } from './platform/net/guarded-fetch';
import { serveConsole, type ConsoleSockets } from './platform/realtime/console-sockets';
import { EventFeed } from './platform/realtime/event-feed';
import { farewell } from './platform/realtime/farewell';
import { Presence } from './platform/realtime/presence';
import { openSocketServer } from './platform/realtime/socket-server';
import { SecretBox } from './platform/secrets';
import { Duty } from './platform/work/duty';
import { Leases } from './platform/work/leases';
import { Nodes } from './platform/work/nodes';

export interface App {
  url: string;
  port: number;
  logins: Login[];
  /** Stops in reverse order: nothing new, what runs is finished, what is acknowledged is durable. */
  stop(): Promise<void>;
}
export interface AppOptions {
  log: Logger;
  clock?: Clock;
  /** Tests keep the embedded store in their own process. */
  inWorker?: boolean;
  /** Called once it listens and before the platforms are told of it: where the sandbox starts. */
  listening?(port: number): Promise<void>;
}

const consoleFolder = join(__dirname, '../agent-console/dist');

/** Wires everything, and starts. The only place that knows all the parts. */
export async function createApp(
  config: Config,
  { log, clock = systemClock, inWorker = true, listening }: AppOptions,
): Promise<App> {
  const store = await openStore(config, { inWorker });
  const { connection } = store;
  const coordination = openCoordination(config, log, await installationId(connection));
  const secrets = new SecretBox(config.secretKey ?? keptSecret(config.dataDir, 'secret-key', randomSecret));
  const leases = new Leases(connection, newId(hostname()), clock);
  const { signals } = coordination;
  const deadlines = new DeadlineTime({ clock, log });

  // What the parts need of each other before they exist is handed over here.
  const late: { webchat?: WebchatGateway; sockets?: ConsoleSockets } = {};
  const messaging = createMessaging(connection, { clock, signals });
  const files = new FileStore(connection, join(config.dataDir, 'files'), secrets.signer('file'));
  const channels = builtInChannels({
    async push(threadId, messageId) {
      const message = await messaging.messages.byId(messageId);
      if (message) late.webchat?.push(threadId, toWebchatMessage(message, fileLink));
    },
  });
  const fileLink = (fileId: string) => files.link(fileId, clock.now());

  const accounts = new Accounts({ connection, secrets, channels, clock, publicUrl: config.publicUrl });
  const allowedHosts = [
    ...config.actions.allow,
    ...config.channels.flatMap(({ configuration }) => namedHosts(configuration)),
  ];
  const fetch = createGuardedFetch(allowedHosts);
  const states = new IntegrationStates(connection);
  const host = new ChannelHost({
    accounts,
    channels,
    sink: messaging.inbox,
    states,
    files,
    fetch,
    clock,
    log,
    publicUrl: config.publicUrl,
    secrets,
  });

  const contacts = new Contacts(defineCrm(connection));
  const knowledge = createKnowledge({ connection, clock, coordination, log });
  const { messages, outbox, inbox, threads } = messaging;
  const presence = new Presence(connection, clock);
  const desk = createDesk({
    devices: secrets.signer('device'),
    connection, clock, deadlines, coordination, config, contacts, messages, outbox, threads,
    limitsOf: (accountId) => host.limitsOf(accountId),
    onSessionsEnded: (ended) => late.sockets?.disconnect(ended),
    hasConsole: (agentId) => presence.hasConsole(agentId),
  }); // prettier-ignore
  const { bot, handlers: botHandlers } = createBot({
    flowFolder: config.flows,
    answers: knowledge.retriever,
    thresholds,
    fetch,
    config: { orderApi: config.actions.orderApi ?? '' },
    model: await openModel(config.llm, log),
    log,
    clock,
  });
  const events = createEvents(connection, { signals, clock }, [...desk.carriers, knowledge.articles.model]);
  const metrics = createMetrics(
    async () => ({ ...(await readBacklog(messaging, clock.now())), sockets: io.of('/').sockets.size }),
    () => duties,
  );
  const pipeline = createPipeline({
    inbox, outbox, threads, messages, contacts, bot, host, leases, clock, signals, log, metrics,
    nodes: new Nodes(connection, leases.owner, clock),
    conversations: desk.conversations,
    cases: desk.cases,
    limitsOf: (accountId) => host.limitsOf(accountId),
    handoverNotice: desk.notice,
    contactWrote: (ticketId, at) => desk.clocks.contactWrote(ticketId, at),
  }); // prettier-ignore

  const connectionLost = async (agentId: string) => {
    await desk.agents.changeStatus(agentId, 'offline');
    await desk.acts.releaseAllOf(agentId);
  };
  const deadLetters = new DeadLetters({
    inbox,
    outbox,
    messages,
    understand: async ({ accountId, request, raw }) =>
      request !== null && raw !== null && host.replay(accountId, request, Buffer.from(raw)),
    reopened: (message) =>
      desk.conversations.tellMessage(message.conversationId, 'message:updated', toMessageView(message), {
        id: newId('ev'),
        at: clock.now(),
      }),
  });
  const feed = new EventFeed(events.log, () => clock.now());
  const duty = (name: string, everyMs: number, work: () => Promise<unknown>) =>
    new Duty(name, everyMs, async () => void (await work()), { leases, clock, log });
  const relay = duty('relay', sweepEveryMs, () => events.relay.run());
  const sla = duty('sla', 1_000, async () => {
    const next = await desk.clocks.sweep(deadlines.now());
    // In time, and those that are due right after it together with it.
    if (next) clock.after(Math.max(50, next.getTime() - deadlines.now().getTime()), () => sla.wake());
  });
  const duties = [
    relay,
    sla,
    duty('presence', 10_000, () => presence.sweep(connectionLost, deadlines.now())),
    duty('snooze', 5_000, () => desk.acts.wakeSnoozed(deadlines.now())),
    duty('events', 5_000, () => events.log.forgetOld(deadlines.now())),
    ...(config.routing.mode === 'push'
      ? [duty('routing', 1_000, () => desk.offers.offerQueued(deadlines.now()))]
      : []),
  ];

  const http = createHttpServer(webhookHandler({ accounts, host, log, metrics }), config.trustProxy);
  const addressOf = config.trustProxy === 0 ? warnOfProxy(http.addressOf, log) : http.addressOf;
  const limits = webchatLimits(coordination.limiter);
  const io = openSocketServer({ http, coordination, clock, log });
  late.sockets = serveConsole({
    io, feed, clock, log, publicUrl: config.publicUrl,
    authenticate: (token) => desk.sessions.authenticate(token),
    standingSessions: (tokenHashes) => desk.sessions.standing(tokenHashes),
    requireConversation: async (viewer, id) => void (await desk.conversations.require(viewer, id)),
    changeStatus: (agentId, status) => desk.agents.changeStatus(agentId, status),
    agentTyping: (id) => void showAgentTyping(id).catch((error: unknown) => log.debug({ err: error }, 'typing')),
    presence,
  }); // prettier-ignore
  late.webchat = serveWebchat({
    io, accounts, clock, log, files,
    tokens: new VisitorTokens(secrets.signer('visitor')),
    sink: inbox,
    limits,
    addressOf,
    history: async (threadId) => (await contactHistory(messaging, threadId, 100)).map((row) => toWebchatMessage(row, fileLink)),
    typing: (threadId, typing) => void showContactTyping(threadId, typing).catch((error: unknown) => log.debug({ err: error }, 'typing')),
  }); // prettier-ignore

  async function showAgentTyping(conversationId: string): Promise<void> {
    const conversation = await desk.conversations.byId(conversationId);
    const thread = conversation && (await threads.byId(conversation.threadId));
    if (!conversation || !thread) return;
    late.webchat?.showTyping(thread._id, 'agent', true);
    host.typing(conversation.accountId, { id: thread._id, tags: thread.tags });
  }
  async function showContactTyping(threadId: string, typing: boolean): Promise<void> {
    const open = await desk.conversations.openInThread(threadId);
    if (open) late.sockets?.contactTyping(open._id, typing);
  }

  const catchUp = new CatchUp({
    clock,
    problem: () => coordination.problem(),
    showMissed: async () => void (await late.webchat?.showMissed()),
  });

  const handlers: Handlers = {
    ...desk.handlers,
    ...knowledge.handlers,
    ...botHandlers,
    ...events.handlers,
    ...deadLetterHandlers({
      deadLetters,
      audit: (session, act, target) =>
        desk.audit.record({ agentId: session.viewer.agentId, act, target, at: clock.now() }),
      auditReading: (session, act, target) =>
        desk.audit.recordHourly({ agentId: session.viewer.agentId, act, target, at: clock.now() }),
    }),
    ...channelHandlers({
      accounts,
      channels,
      changed: () => {
        signals.send('accounts');
        host.registerAll();
      },
    }),
  };
  let draining = false;
  const health = {
    unready: async () => (draining ? 'stopping' : await store.problem()),
    degraded: async () => [await coordination.problem()].filter((problem) => problem !== null),
  };
  const { app } = http;
  app.use(operationsRouter(health, config.metricsPort === null ? metrics : null));
  app.get('/api/openapi.json', (_request, response) => void response.json(openApiDocument(config.publicUrl)));
  app.use(
    '/api/v1',
    createApiRouter(handlers, {
      authenticate: (token) => desk.sessions.authenticate(token),
      publicUrl: config.publicUrl,
      addressOf,
    }),
  );
  app.use(
    filesRouter(files, {
      viewerOf: async (request) => {
        const credentials = readCredentials(request);
        const session = credentials && (await desk.sessions.authenticate(credentials.token));
        return session?.viewer ?? null;
      },
      maySeeThread: (viewer, threadId) => desk.conversations.maySeeThread(viewer, threadId),
      now: () => clock.now(),
    }),
  );
  app.use(
    webchatRouter({
      accounts,
      tokens: new VisitorTokens(secrets.signer('visitor')),
      files,
      clock,
      pageFolder: consoleFolder,
      limits,
      addressOf,
    }),
  );
  if (config.sandbox) app.use('/sandbox', proxyTo(`http://127.0.0.1:${config.sandboxPort}`));
  app.use(pagesRouter(consoleFolder));
  app.use(nothingHere);
  app.use(errorHandler(log));

  if (store.isEmbedded) await leases.voidAll();
  await migrate(connection, leases);
  await accounts.seed(config.channels);
  await desk.policies.load({ sla: config.sla, hours: config.hours });
  const logins = await seedPeople(config, desk.agents);
  await knowledge.load(config.knowledgeBase);
  await feed.start();
  signals.on('relay', () => relay.wake());
  events.relay.onAppended((appended) => feed.follow(appended));
  const readEvents = (upTo = Infinity) =>
    void feed.catchUp(upTo).catch((error: unknown) => log.warn({ err: error }, 'feed: will read again'));
  signals.on('events', (last) => readEvents(last ? Number(last) : Infinity));
  signals.on(
    'accounts',
    () =>
      void accounts.reload().catch((error: unknown) => log.warn({ err: error }, 'accounts: will read again')),
  );
  const readPolicies = () =>
    void desk.policies
      .reload()
      .catch((error: unknown) => log.warn({ err: error }, 'policies: will read again'));
  signals.on('policies', readPolicies);
  const stopReadingPolicies = clock.every(30_000, readPolicies);
  const stopFollowing = clock.every(1_000, () => {
    readEvents();
    catchUp.run().catch((error: unknown) => log.warn({ err: error }, 'webchat: will catch up again'));
  });
  for (const one of duties) one.start();
  pipeline.start();
  const port = await http.listen(config.port, config.host);
  const metricsServer = config.metricsPort === null ? null : createHttpServer(() => false);
  if (metricsServer && config.metricsPort !== null) {
    metricsServer.app.use(metricsRouter(metrics));
    await metricsServer.listen(config.metricsPort, config.host);
  }
  await listening?.(port);
  host.registerAll();

  return {
    url: `http://${ownHost(config.host)}:${port}`,
    port,
    logins,
    async stop() {
      draining = true;
      http.drain();
      host.stop();
      late.sockets?.close();
      // The embedded store has a single server: there is no other one to go to.
      if (!store.isEmbedded)
        await farewell(io, ['/', '/webchat'], Math.min(longestNoticeMs, config.drainMs / 4));
      stopFollowing();
      stopReadingPolicies();
      const closed = http.close();
      await pipeline.stop();
      for (const one of duties) await one.stop();
      await io.close();
      await http.answered(config.drainMs / 4);
      http.server.closeAllConnections();
      await closed;
      await metricsServer?.close();
      await coordination.close();
      await store.close();
    },
  };
}

/** The longest time that a balancer gets to see that this server is not ready any longer. */
const longestNoticeMs = 2_000;

/** Hosts that an account's settings name are the operator's own choice. */
function namedHosts(configuration: Record<string, unknown>): string[] {
  return Object.values(configuration).filter(
    (value): value is string => typeof value === 'string' && /^https?:\/\//.test(value),
  );
}
