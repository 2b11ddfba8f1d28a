import type { Content } from '../domain/content';
import type { FlowRun } from '../domain/plan';
import { derivedId } from '../platform/ids';
import type { GuardedFetch } from '../platform/net/guarded-fetch';
import { callAction } from './flows/call-action';
import {
  advance,
  refuseAnswer,
  takeAnswer,
  type Halt,
  type Position,
  type Progress,
} from './flows/interpreter';
import type { Flow } from './flows/schema';
import { fill } from './flows/template';

export interface Played {
  said: Content[];
  /** Where it waits; null when it has ended. */
  run: FlowRun | null;
  handover: Extract<Halt, { kind: 'handover' }> | null;
  slots: Record<string, string>;
}
export interface PlayParts {
  fetch: GuardedFetch;
  config: Record<string, string>;
  /** The knowledge base's answer to a question in a flow; null when it has none. */
  answer(question: string, language: string): string | null;
}
interface Turn {
  flow: Flow;
  language: string;
  inboundId: string;
  now: Date;
}

const mostCalls = 5;

/** Starts a flow; what the trigger found in the message fills its slots. */
export function startFlow(parts: PlayParts, turn: Turn, slots: Record<string, string>): Promise<Played> {
  return play(
    parts,
    turn,
    advance(sceneOf(parts, turn), { stepId: turn.flow.start, slots, attempts: 0 }),
    turn.now,
  );
}

/** Goes on with the contact's answer. */
export function continueFlow(
  parts: PlayParts,
  turn: Turn,
  run: FlowRun,
  text: string,
  optionId: string | null,
): Promise<Played> {
  const scene = sceneOf(parts, turn);
  const taken = takeAnswer(scene, run, text, optionId);
  return play(parts, turn, taken ? advance(scene, taken) : refuseAnswer(scene, run), run.startedAt);
}

/** Does the message answer what the flow asked? A flow whose step has gone takes no answer. */
export const fitsFlow = (
  parts: PlayParts,
  turn: Turn,
  run: FlowRun,
  text: string,
  optionId: string | null,
): boolean => takeAnswer(sceneOf(parts, turn), run, text, optionId) !== null;

/** The slots that a trigger's named groups fill; null when nothing triggers. */
export function triggeredSlots(flow: Flow, text: string): Record<string, string> | null {
  for (const pattern of flow.triggers) {
    const found = new RegExp(pattern, 'iu').exec(text.slice(0, 500));
    if (found)
      return Object.fromEntries(
        Object.entries(found.groups ?? {}).filter((entry): entry is [string, string] => Boolean(entry[1])),
      );
  }
  return null;
}

async function play(parts: PlayParts, turn: Turn, begun: Progress, startedAt: Date): Promise<Played> {
  const said = [...begun.said];
  let { halt } = begun;
  for (let calls = 0; calls < mostCalls && (halt.kind === 'call' || halt.kind === 'answer'); calls++) {
    const position =
      halt.kind === 'call' ? await called(parts, turn, halt) : answered(parts, turn, halt, said);
    const progress = advance(sceneOf(parts, turn), position);
    said.push(...progress.said);
    halt = progress.halt;
  }
  const position = 'position' in halt ? halt.position : { stepId: '', slots: {}, attempts: 0 };
  const run = halt.kind === 'wait' ? toRun(turn, halt.position, startedAt) : null;
  return { said, run, handover: halt.kind === 'handover' ? halt : null, slots: position.slots };
}

function called(
  parts: PlayParts,
  turn: Turn,
  { step, position }: Extract<Halt, { kind: 'call' }>,
): Promise<Position> {
  const idempotencyKey = derivedId('fl', turn.inboundId, position.stepId);
  return callAction(parts.fetch, step, position, { config: parts.config, idempotencyKey });
}

function answered(
  parts: PlayParts,
  turn: Turn,
  { question, next, position }: Extract<Halt, { kind: 'answer' }>,
  said: Content[],
): Position {
  const text = parts.answer(fill(question, position.slots, parts.config), turn.language);
  if (text) said.push({ type: 'text', text });
  return { stepId: next, slots: position.slots, attempts: 0 };
}

const toRun = ({ flow }: Turn, { stepId, slots, attempts }: Position, startedAt: Date): FlowRun => ({
  flowId: flow.id,
  flowVersion: flow.version,
  stepId,
  slots,
  attempts,
  startedAt,
});
const sceneOf = ({ config }: PlayParts, { flow, language }: Turn) => ({ flow, language, config });
