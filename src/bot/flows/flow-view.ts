import type { FlowView } from '../../contract/knowledge';
import { targetsOf } from './load-flows';
import type { Flow, Step, Texts } from './schema';
import { textIn } from './template';

/** A flow as a page can draw it, with its words in every language that it has. */
export function toFlowView(flow: Flow): FlowView {
  return {
    id: flow.id,
    title: textIn(flow.title, 'zh-CN'),
    titles: flow.title,
    version: flow.version,
    languages: Object.keys(flow.title),
    triggers: flow.triggers,
    start: flow.start,
    steps: Object.entries(flow.steps).map(([id, step]) => {
      const texts = textsOf(step);
      return {
        id,
        kind: step.kind,
        label: texts ? textIn(texts, 'zh-CN') : step.kind === 'call' ? `${step.method} ${step.url}` : id,
        texts,
        facts: factsOf(step),
        next: targetsOf(step).map((target) => ({ ...target, labels: labelsOf(step, target.when) })),
      };
    }),
  };
}

const textsOf = (step: Step): Texts | null =>
  step.kind === 'handover' ? step.summary : 'text' in step ? (step.text ?? null) : null;

function labelsOf(step: Step, when: string | null): Texts | null {
  return (step.kind === 'choice' && step.options.find(({ id }) => id === when)?.label) || null;
}

const asLines = (pairs: Record<string, string>): string =>
  Object.entries(pairs)
    .map(([name, value]) => `${name} = ${value}`)
    .join('\n');

/** Names are those of the flow's file, so that who reads both finds them again. */
function factsOf(step: Step): { name: string; value: string }[] {
  const facts: [name: string, value: string][] = [];
  if ('slot' in step) facts.push(['slot', step.slot]);
  switch (step.kind) {
    case 'ask':
      facts.push(
        ['validate', step.validate.pattern ?? step.validate.type],
        ['retries', String(step.retries)],
      );
      break;
    case 'set':
      facts.push(['slots', asLines(step.slots)]);
      break;
    case 'call':
      facts.push(
        ['method', step.method],
        ['url', step.url],
        ['timeoutSeconds', String(step.timeoutSeconds)],
        ['save', asLines(step.save)],
        ['body', asLines(step.body ?? {})],
      );
      break;
    case 'handover':
      facts.push(['priority', step.priority], ['skills', step.skills.join(', ')]);
      break;
    default:
      break;
  }
  return facts.filter(([, value]) => value !== '').map(([name, value]) => ({ name, value }));
}
