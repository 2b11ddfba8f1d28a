import type { FlowView } from '../contract/knowledge';
import { handlers } from '../platform/http/api';
import type { Logger } from '../platform/log';
import { pageOfAll } from '../platform/mongo/paging';
import { Bot, type BotParts } from './bot';
import { loadFlows, targetsOf } from './flows/load-flows';
import type { Flow } from './flows/schema';
import { textIn } from './flows/template';

export { Bot } from './bot';
export { loadFlows } from './flows/load-flows';

/** The bot with the flows of a folder. A flow with a problem is left out and told of. */
export function createBot(parts: Omit<BotParts, 'flows'> & { flowFolder: string; log: Logger }) {
  const { flows, problems } = loadFlows(parts.flowFolder);
  for (const { file, message } of problems)
    parts.log.error({ file, problem: message }, 'flows: flow left out');
  return {
    bot: new Bot({ ...parts, flows }),
    handlers: handlers({
      listFlows: async ({ query }) => pageOfAll(flows.map(toFlowView), query()),
    }),
  };
}

function toFlowView(flow: Flow): FlowView {
  return {
    id: flow.id,
    title: textIn(flow.title, 'zh-CN'),
    version: flow.version,
    languages: Object.keys(flow.title),
    triggers: flow.triggers,
    start: flow.start,
    steps: Object.entries(flow.steps).map(([id, step]) => ({
      id,
      kind: step.kind,
      label:
        'text' in step && step.text
          ? textIn(step.text, 'zh-CN')
          : 'summary' in step
            ? textIn(step.summary, 'zh-CN')
            : 'url' in step
              ? `${step.method} ${step.url}`
              : id,
      next: targetsOf(step),
    })),
  };
}
