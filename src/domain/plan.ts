import type { Content } from './content';
import type { ConversationStatus } from './conversation';
import type { Origin } from './message';

/** What to do with a contact's message. Recorded before any effect, so that a crash repeats the same decision. */
export type Decision =
  | { kind: 'ignore'; because: string }
  | { kind: 'leaveToAgent'; because: 'queued' | 'assigned' }
  | { kind: 'welcome' }
  | { kind: 'smallTalk'; about: 'thanks' | 'wordless' | 'identity' }
  | { kind: 'runFlow'; flowId: string; because: 'started' | 'continued' }
  | { kind: 'answer'; articleId: string; confidence: number }
  | { kind: 'clarify'; articleIds: string[] }
  | { kind: 'miss' }
  | { kind: 'optOut' }
  | { kind: 'handOver'; because: HandoverReason };

export type HandoverReason =
  'contact_asked' | 'not_understood' | 'complaint' | 'flow' | 'unreadable' | 'bot_failed' | 'reopened';

/** What an agent must know to take over. */
export interface Handover {
  reason: HandoverReason;
  summary: string;
  slots: Record<string, string>;
  articles: { id: string; title: string; confidence: number }[];
  language: string | null;
  skills: string[];
  priority: 'low' | 'normal' | 'high' | 'urgent';
}

export interface PlannedReply {
  content: Content;
  origin: Origin['kind'];
  articleIds: string[];
}

/** What the bot remembers between turns of one conversation. */
export interface BotMemory {
  misses: number;
  /** Articles offered in the last turn, in the order shown; a number or a label picks one. */
  offers: { articleId: string; title: string }[];
  lastQuestion: string | null;
  lastArticleId: string | null;
  tried: { id: string; title: string; confidence: number }[];
}

export const freshMemory: BotMemory = {
  misses: 0,
  offers: [],
  lastQuestion: null,
  lastArticleId: null,
  tried: [],
};

/** A flow where it waits for the contact's answer. */
export interface FlowRun {
  flowId: string;
  flowVersion: string;
  /** The step that asked and now waits. */
  stepId: string;
  slots: Record<string, string>;
  attempts: number;
  startedAt: Date;
}

/** The whole effect of one inbound row, as data. */
export interface Plan {
  decision: Decision;
  replies: PlannedReply[];
  handover: Handover | null;
  memory: BotMemory;
  flowRun: FlowRun | null;
  language: string | null;
}

/** What the planner knows of the conversation; null fields for a new one. */
export interface ConversationView {
  id: string;
  status: ConversationStatus;
  memory: BotMemory;
  flowRun: FlowRun | null;
  language: string | null;
  assigneeId: string | null;
  hasTicket: boolean;
}
