import type { BotPreview } from '../contract/knowledge';
import type { Decision } from '../domain/plan';
import { handlers } from '../platform/http/api';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/log';
import { pageOfAll } from '../platform/mongo/paging';
import { Bot, type BotParts } from './bot';
import { toFlowView } from './flows/flow-view';
import { loadFlows } from './flows/load-flows';
import type { Flow } from './flows/schema';

export { Bot } from './bot';
export { loadFlows } from './flows/load-flows';

/** The bot with the flows of a folder. A flow with a problem is left out and told of. */
export function createBot(
  parts: Omit<BotParts, 'flows'> & { flowFolder: string; log: Logger; clock: Clock },
) {
  const { flows, problems } = loadFlows(parts.flowFolder);
  for (const { file, message } of problems)
    parts.log.error({ file, problem: message }, 'flows: flow left out');
  const bot = new Bot({ ...parts, flows });
  return {
    bot,
    handlers: handlers({
      async previewBot({ query }) {
        const { decision, ranked } = bot.preview(query().q, parts.clock.now());
        const matches = ranked.map(({ articleId, title, confidence }) => ({ articleId, title, confidence }));
        return { decision: toPreview(decision, flows), matches, thresholds: parts.thresholds };
      },
      listFlows: async ({ query }) => pageOfAll(flows.map(toFlowView), query()),
    }),
  };
}

function toPreview(decision: Decision, flows: Flow[]): BotPreview['decision'] {
  const flow = decision.kind === 'runFlow' ? flows.find(({ id }) => id === decision.flowId) : undefined;
  return {
    kind: decision.kind,
    because: 'because' in decision ? decision.because : null,
    flow: flow ? { id: flow.id, titles: flow.title } : null,
    articleIds:
      decision.kind === 'answer'
        ? [decision.articleId]
        : decision.kind === 'clarify'
          ? decision.articleIds
          : [],
  };
}
