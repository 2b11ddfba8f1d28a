import type { Ranked } from '../domain/decision';
import type { BotMemory, Handover, HandoverReason } from '../domain/plan';
import type { LanguageModel } from '../platform/llm/language-model';

interface Facts {
  reason: HandoverReason;
  question: string;
  memory: BotMemory;
  slots: Record<string, string>;
  language: string;
  ranked: Ranked[];
}

/** What an agent must know to take over. */
export async function toHandover(model: LanguageModel, facts: Facts): Promise<Handover> {
  const { reason, memory, slots, language, ranked } = facts;
  const close = ranked
    .slice(0, 3)
    .map(({ articleId, title, confidence }) => ({ id: articleId, title, confidence }));
  const plain = summaryOf(facts);
  return {
    reason,
    summary: (await model.summarise(plain, language)) ?? plain,
    slots,
    articles: memory.tried.length > 0 ? memory.tried : close,
    language,
    skills: [],
    priority: reason === 'complaint' ? 'high' : 'normal',
  };
}

/** The question that matters is the one before the wish for a person. */
function summaryOf({ reason, question, memory }: Facts): string {
  const asked = reason === 'contact_asked' ? (memory.lastQuestion ?? question) : question;
  const tried = memory.tried.map(({ title }) => `· ${title}`);
  return [asked.slice(0, 200), ...tried].join('\n');
}
