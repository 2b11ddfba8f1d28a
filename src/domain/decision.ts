import { asksForPerson, complains, greets, optsOut, smallTalk } from './asks';
import type { InboundEvent } from './inbound';
import type { BotMemory, ConversationView, Decision, FlowRun } from './plan';

export interface Ranked {
  articleId: string;
  title: string;
  confidence: number;
}

/** Everything that the decision depends on. Texts are normalised: simplified script, lower case. */
export interface DecisionInput {
  text: string;
  event: InboundEvent | null;
  isReadable: boolean;
  conversation: ConversationView | null;
  memory: BotMemory;
  /** The flow that waits for an answer. */
  flowRun: FlowRun | null;
  /** Does the message answer what the flow asked? Null without a flow. */
  answersFlow: 'yes' | 'no' | 'leaves' | null;
  /** What the contact picked: an offered article, or "a person". */
  picked: { articleId: string } | 'person' | null;
  /** The flow that this message starts. */
  triggeredFlowId: string | null;
  complaintFlowId: string | null;
  ranked: Ranked[];
  thresholds: { answer: number; offer: number };
}

/** What to do with a contact's message. The order of the checks is the policy. */
export function decide(input: DecisionInput): Decision {
  const { text, conversation, memory } = input;
  const { event } = input;
  if (event && event.type !== 'menuClicked')
    return event.type === 'subscribed' ? { kind: 'welcome' } : { kind: 'ignore', because: event.type };
  if (conversation && conversation.status !== 'bot')
    return { kind: 'leaveToAgent', because: conversation.assigneeId ? 'assigned' : 'queued' };
  if (optsOut(text)) return { kind: 'optOut' };
  if (input.picked === 'person' || asksForPerson(text)) return { kind: 'handOver', because: 'contact_asked' };
  if (complains(text)) return complaint(input);
  if (!input.isReadable && !input.flowRun)
    return memory.misses > 0 ? { kind: 'handOver', because: 'unreadable' } : { kind: 'miss' };
  if (input.flowRun && input.answersFlow !== 'leaves' && !asksSomethingElse(input))
    return { kind: 'runFlow', flowId: input.flowRun.flowId, because: 'continued' };
  if (input.picked) return { kind: 'answer', articleId: input.picked.articleId, confidence: 1 };
  if (greets(text)) return { kind: 'welcome' };
  const about = smallTalk(text);
  if (about && !event) return { kind: 'smallTalk', about };
  return byKnowledge(input);
}

/** Someone who complains tells the story once: to the flow that takes it, and then to a person. */
function complaint({ complaintFlowId, flowRun }: DecisionInput): Decision {
  if (!complaintFlowId) return { kind: 'handOver', because: 'complaint' };
  return {
    kind: 'runFlow',
    flowId: complaintFlowId,
    because: flowRun?.flowId === complaintFlowId ? 'continued' : 'started',
  };
}

/** In a flow, a clear question about something else is answered instead of refused again. */
function asksSomethingElse({
  answersFlow,
  ranked,
  thresholds,
  triggeredFlowId,
  flowRun,
}: DecisionInput): boolean {
  if (answersFlow !== 'no') return false;
  if (triggeredFlowId && triggeredFlowId !== flowRun?.flowId) return true;
  return (ranked[0]?.confidence ?? 0) >= thresholds.answer;
}

function byKnowledge({ triggeredFlowId, ranked, thresholds, memory, answersFlow }: DecisionInput): Decision {
  // 取消 in a flow means the flow, whatever the articles say of cancelling.
  if (answersFlow === 'leaves') return { kind: 'welcome' };
  if (triggeredFlowId) return { kind: 'runFlow', flowId: triggeredFlowId, because: 'started' };
  const [best] = ranked;
  if (best && best.confidence >= thresholds.answer)
    return { kind: 'answer', articleId: best.articleId, confidence: best.confidence };
  const offers = ranked.filter(({ confidence }) => confidence >= thresholds.offer).slice(0, 3);
  // One offer for a question; if none of them was it, that is a miss too.
  if (offers.length > 0 && memory.offers.length === 0)
    return { kind: 'clarify', articleIds: offers.map(({ articleId }) => articleId) };
  return memory.misses > 0 || memory.offers.length > 0
    ? { kind: 'handOver', because: 'not_understood' }
    : { kind: 'miss' };
}
