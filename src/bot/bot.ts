import { complains, leaves, picksNumber } from '../domain/asks';
import { isReadable, textOf, wordsOf, type Content } from '../domain/content';
import { decide, type DecisionInput, type Ranked } from '../domain/decision';
import type { InboundEvent } from '../domain/inbound';
import { freshMemory, type BotMemory, type ConversationView, type Decision, type Plan } from '../domain/plan';
import type { LanguageModel } from '../platform/llm/language-model';
import { languageOf } from '../platform/text/language';
import { normalise } from '../platform/text/normalise';
import {
  continueFlow,
  fitsFlow,
  startFlow,
  triggeredSlots,
  type PlayParts,
  type Played,
} from './flow-player';
import type { Flow } from './flows/schema';
import { toHandover } from './handover';
import { botTexts } from './texts';

export interface BotTurn {
  inboundId: string;
  content: Content;
  event: InboundEvent | null;
  channel: string;
  conversation: ConversationView | null;
  language: string | null;
  now: Date;
  contact: { id: string; name: string; tags: string[] };
}
export interface AnswerSource {
  rank(question: string, language: string | null, limit?: number): Ranked[];
  article(id: string): { title: string; body: string } | null;
}
export interface BotParts extends Omit<PlayParts, 'answer'> {
  flows: Flow[];
  answers: AnswerSource;
  thresholds: { answer: number; offer: number };
  model: LanguageModel;
}

/** What one turn is about, worked out before anything is decided. */
interface Reading {
  text: string;
  plain: string;
  optionId: string | null;
  language: string;
  memory: BotMemory;
  flow: Flow | null;
  triggered: { flow: Flow; slots: Record<string, string> } | null;
  ranked: Ranked[];
}

const personOption = 'person';
const shortQuestion = 6;

/** Plans what the bot says and does; it changes nothing itself, but for the HTTP calls of flows. */
export class Bot {
  constructor(private readonly parts: BotParts) {}

  async plan(turn: BotTurn): Promise<Plan> {
    const reading = this.read(turn);
    const decision = decide(this.inputOf(turn, reading));
    return this.carryOut(turn, reading, decision);
  }

  /** What it would decide about somebody's first message. It says nothing and calls nobody. */
  preview(text: string, now: Date): { decision: Decision; ranked: Ranked[] } {
    const turn: BotTurn = {
      inboundId: 'preview',
      content: { type: 'text', text },
      event: null,
      channel: '',
      conversation: null,
      language: null,
      now,
      contact: { id: '', name: '', tags: [] },
    };
    const reading = this.read(turn);
    return { decision: decide(this.inputOf(turn, reading)), ranked: reading.ranked };
  }

  private read({ content, event, conversation, language }: BotTurn): Reading {
    const text = event?.type === 'menuClicked' ? event.key : textOf(content);
    const plain = normalise(text).trim();
    const memory = conversation?.memory ?? freshMemory;
    const words = event ? text : wordsOf(content);
    const spoken = languageOf(words, conversation?.language ?? language);
    const run = conversation?.flowRun ?? null;
    return {
      text,
      plain,
      optionId: content.type === 'choice' ? (content.options[0]?.id ?? null) : null,
      language: spoken,
      memory,
      flow: this.parts.flows.find(({ id }) => id === run?.flowId) ?? null,
      triggered: this.trigger(plain),
      ranked: this.rank(plain, spoken, memory),
    };
  }

  /** A short follow-up is also asked together with the question before it; the better of both counts. */
  private rank(plain: string, language: string, memory: BotMemory): Ranked[] {
    const alone = this.parts.answers.rank(plain, language, 5);
    if (
      !memory.lastQuestion ||
      plain.length > shortQuestion ||
      !/^[那呢它]|呢$|^(what about|and )/.test(plain)
    )
      return alone;
    const together = this.parts.answers.rank(`${memory.lastQuestion} ${plain}`, language, 5);
    return (together[0]?.confidence ?? 0) > (alone[0]?.confidence ?? 0) ? together : alone;
  }

  private trigger(plain: string): Reading['triggered'] {
    for (const flow of this.parts.flows) {
      const slots = triggeredSlots(flow, plain);
      if (slots) return { flow, slots };
    }
    return null;
  }

  private inputOf(turn: BotTurn, reading: Reading): DecisionInput {
    const { plain, memory, flow, triggered, ranked, optionId } = reading;
    const run = turn.conversation?.flowRun ?? null;
    const input = { ...reading, inboundId: turn.inboundId, now: turn.now };
    const fits =
      run && flow ? fitsFlow(this.player(), { ...input, flow }, run, reading.text, optionId) : false;
    return {
      text: plain,
      event: turn.event,
      isReadable: turn.event?.type === 'menuClicked' || isReadable(turn.content),
      conversation: turn.conversation,
      memory,
      flowRun: flow ? run : null,
      answersFlow: !flow || !run ? null : leaves(plain) && !fits ? 'leaves' : fits ? 'yes' : 'no',
      picked: pickedFrom(memory, plain, optionId),
      triggeredFlowId: triggered && !complains(plain) ? triggered.flow.id : null,
      complaintFlowId: this.parts.flows.find(({ takesComplaints }) => takesComplaints)?.id ?? null,
      ranked,
      thresholds: this.parts.thresholds,
    };
  }

  private async carryOut(turn: BotTurn, reading: Reading, decision: Decision): Promise<Plan> {
    const { language, memory, text } = reading;
    const texts = botTexts(language);
    const run = turn.conversation?.flowRun ?? null;
    const quiet: Plan = { decision, replies: [], handover: null, memory, flowRun: run, language };
    const saying = (line: string, next: Partial<BotMemory> = {}): Plan => ({
      ...quiet,
      replies: [{ content: { type: 'text', text: line }, origin: 'reply', articleIds: [] }],
      memory: { ...memory, offers: [], ...next },
      flowRun: null,
    });
    switch (decision.kind) {
      case 'ignore':
      case 'leaveToAgent':
        return quiet;
      case 'welcome':
        return saying(run ? texts.left : texts.welcome);
      case 'smallTalk':
        return { ...saying(texts[decision.about], { offers: memory.offers }), flowRun: run };
      case 'optOut':
        return saying(texts.optedOut);
      case 'miss':
        return saying(isReadable(turn.content) ? texts.miss : texts.unreadable, {
          misses: memory.misses + 1,
          lastQuestion: text,
        });
      case 'answer':
        return this.answer(quiet, reading, decision);
      case 'clarify':
        return this.clarify(quiet, reading, decision.articleIds);
      case 'runFlow':
        return this.runFlow(turn, reading, quiet, decision);
      case 'handOver':
        return {
          ...quiet,
          flowRun: null,
          handover: await toHandover(this.parts.model, {
            reason: decision.because,
            question: text,
            memory,
            slots: run?.slots ?? {},
            language,
            ranked: reading.ranked,
          }),
        };
    }
  }

  private async answer(
    quiet: Plan,
    { text, language, memory }: Reading,
    { articleId, confidence }: Extract<Decision, { kind: 'answer' }>,
  ): Promise<Plan> {
    const article = this.parts.answers.article(articleId);
    const title = article?.title ?? '';
    const body = article?.body ?? botTexts(language).miss;
    // A model may only put it in other words; without one, or when it fails, the article speaks.
    const line = (await this.parts.model.phrase({ question: text, answer: body, language })) ?? body;
    return {
      ...quiet,
      replies: [{ content: { type: 'text', text: line }, origin: 'reply', articleIds: [articleId] }],
      memory: {
        misses: 0,
        offers: [],
        lastQuestion: text,
        lastArticleId: articleId,
        tried: [...memory.tried, { id: articleId, title, confidence }].slice(-10),
      },
      flowRun: null,
    };
  }

  private clarify(quiet: Plan, { text, language, memory, ranked }: Reading, articleIds: string[]): Plan {
    const texts = botTexts(language);
    const offers = articleIds.map((articleId) => ({
      articleId,
      title: this.parts.answers.article(articleId)?.title ?? articleId,
    }));
    const options = [
      ...offers.map(({ articleId, title }) => ({ id: articleId, label: title })),
      { id: personOption, label: texts.person },
    ];
    const tried = ranked
      .slice(0, articleIds.length)
      .map(({ articleId, title, confidence }) => ({ id: articleId, title, confidence }));
    return {
      ...quiet,
      replies: [{ content: { type: 'choice', text: texts.clarify, options }, origin: 'reply', articleIds }],
      memory: { ...memory, offers, lastQuestion: text, tried: [...memory.tried, ...tried].slice(-10) },
      flowRun: null,
    };
  }

  private async runFlow(
    turn: BotTurn,
    reading: Reading,
    quiet: Plan,
    decision: Extract<Decision, { kind: 'runFlow' }>,
  ): Promise<Plan> {
    const flow = this.parts.flows.find(({ id }) => id === decision.flowId);
    if (!flow) return quiet;
    const { language, memory, text, triggered, optionId } = reading;
    const stage = { flow, language, inboundId: turn.inboundId, now: turn.now };
    const run = turn.conversation?.flowRun;
    const played =
      decision.because === 'continued' && run
        ? await continueFlow(this.player(), stage, run, text, optionId)
        : await startFlow(this.player(), stage, triggered?.flow.id === flow.id ? triggered.slots : {});
    const replies = played.said.map((content) => ({ content, origin: 'flow' as const, articleIds: [] }));
    const calm = { ...memory, misses: 0, offers: [] };
    return {
      ...quiet,
      replies,
      memory: calm,
      flowRun: played.run,
      handover: await this.flowHandover(reading, played),
    };
  }

  private async flowHandover({ text, memory, language, ranked }: Reading, { handover, slots }: Played) {
    if (!handover) return null;
    const { summary, priority, skills } = handover;
    return {
      ...(await toHandover(this.parts.model, {
        reason: 'flow',
        question: text,
        memory,
        slots,
        language,
        ranked,
      })),
      summary,
      priority,
      skills,
    };
  }

  private player(): PlayParts {
    const { fetch, config, answers, thresholds } = this.parts;
    const answer = (question: string, language: string) => {
      const [best] = answers.rank(question, language, 1);
      return best && best.confidence >= thresholds.answer
        ? (answers.article(best.articleId)?.body ?? null)
        : null;
    };
    return { fetch, config, answer };
  }
}

/** An offered article, by the id of its button, its number or its title; or the person at the end of the list. */
function pickedFrom(
  { offers }: BotMemory,
  plain: string,
  optionId: string | null,
): { articleId: string } | 'person' | null {
  if (optionId === personOption) return 'person';
  if (offers.length === 0) return null;
  const number = picksNumber(plain);
  if (number === offers.length + 1) return 'person';
  const offer = offers.find(
    ({ articleId, title }, index) =>
      articleId === optionId || normalise(title) === plain || number === index + 1,
  );
  return offer ? { articleId: offer.articleId } : null;
}
