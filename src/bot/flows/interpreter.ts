import type { Content } from '../../domain/content';
import type { FlowRun } from '../../domain/plan';
import { picksNumber } from '../../domain/asks';
import type { Flow, Step, Texts } from './schema';
import { fill, textIn } from './template';
import { validateAnswer } from './validate';

/** Where a flow stands while it is worked on. */
export interface Position {
  stepId: string;
  slots: Record<string, string>;
  attempts: number;
}
export type Halt =
  | { kind: 'wait'; position: Position }
  | { kind: 'call'; position: Position; step: Extract<Step, { kind: 'call' }> }
  | { kind: 'answer'; position: Position; question: string; next: string }
  | {
      kind: 'handover';
      position: Position;
      summary: string;
      priority: 'low' | 'normal' | 'high' | 'urgent';
      skills: string[];
    }
  | { kind: 'end' };
export interface Progress {
  said: Content[];
  halt: Halt;
}
interface Scene {
  flow: Flow;
  language: string;
  config: Record<string, string>;
}

const mostSteps = 50;

/** Goes on from a step until something must be waited for. Pure: what it says and needs is data. */
export function advance(scene: Scene, from: Position): Progress {
  const said: Content[] = [];
  let position = from;
  for (let count = 0; count < mostSteps; count++) {
    const step = scene.flow.steps[position.stepId];
    if (!step) return { said, halt: { kind: 'end' } };
    const moved = enter(scene, step, position, said);
    if ('kind' in moved) return { said, halt: moved };
    position = moved;
  }
  return { said, halt: { kind: 'end' } };
}

/** Takes the contact's answer to the step that waits. Null: it does not fit any option or rule. */
export function takeAnswer(
  { flow, language }: Scene,
  run: FlowRun,
  text: string,
  optionId: string | null,
): Position | null {
  const step = flow.steps[run.stepId];
  if (step?.kind === 'ask') {
    const value = validateAnswer(step.validate, text);
    return value === null
      ? null
      : { stepId: step.next, slots: { ...run.slots, [step.slot]: value }, attempts: 0 };
  }
  if (step?.kind === 'choice') {
    const number = picksNumber(text);
    const option =
      step.options.find(({ id }) => id === optionId) ??
      step.options.find(
        ({ id, label }, index) =>
          id === text.trim() || textIn(label, language) === text.trim() || number === index + 1,
      );
    const next = option && (option.next ?? step.next);
    return option && next
      ? {
          stepId: next,
          slots: {
            ...run.slots,
            [step.slot]: option.id,
            [`${step.slot}Label`]: textIn(option.label, language),
          },
          attempts: 0,
        }
      : null;
  }
  return null;
}

/** The answer did not fit: asks again with a hint, or goes where the flow says after the last try. */
export function refuseAnswer(scene: Scene, run: FlowRun): Progress {
  const step = scene.flow.steps[run.stepId];
  const position = { stepId: run.stepId, slots: run.slots, attempts: run.attempts + 1 };
  const retries = step?.kind === 'ask' ? step.retries : 2;
  if (position.attempts <= retries)
    return { said: [again(scene, step, position)], halt: { kind: 'wait', position } };
  if (step?.kind === 'ask' && step.onFailure)
    return advance(scene, { ...position, stepId: step.onFailure, attempts: 0 });
  const summary = textIn(scene.flow.title, scene.language);
  return { said: [], halt: { kind: 'handover', position, summary, priority: 'normal', skills: [] } };
}

function again(scene: Scene, step: Step | undefined, position: Position): Content {
  if (step?.kind === 'ask') return { type: 'text', text: say(scene, step.hint, position) };
  return step?.kind === 'choice' ? menu(scene, step, position) : { type: 'text', text: '' };
}

function enter(scene: Scene, step: Step, position: Position, said: Content[]): Position | Halt {
  const to = (stepId: string, slots = position.slots): Position => ({ stepId, slots, attempts: 0 });
  switch (step.kind) {
    case 'say':
      said.push({ type: 'text', text: say(scene, step.text, position) });
      return to(step.next);
    case 'ask':
      // Asked and answered already, by the message that started the flow.
      if (position.slots[step.slot]) return to(step.next);
      said.push({ type: 'text', text: say(scene, step.text, position) });
      return { kind: 'wait', position };
    case 'choice':
      said.push(menu(scene, step, position));
      return { kind: 'wait', position };
    case 'branch':
      return to(step.cases.find((one) => holds(one, position.slots))?.next ?? step.otherwise);
    case 'set':
      return to(step.next, {
        ...position.slots,
        ...Object.fromEntries(
          Object.entries(step.slots).map(([slot, value]) => [
            slot,
            fill(value, position.slots, scene.config),
          ]),
        ),
      });
    case 'call':
      return { kind: 'call', position, step };
    case 'answer':
      return { kind: 'answer', position, question: position.slots[step.slot] ?? '', next: step.next };
    case 'handover':
      return {
        kind: 'handover',
        position,
        summary: say(scene, step.summary, position),
        priority: step.priority,
        skills: step.skills,
      };
    case 'end':
      if (step.text) said.push({ type: 'text', text: say(scene, step.text, position) });
      return { kind: 'end' };
  }
}

function holds(
  { slot, is, in: list, exists }: { slot: string; is?: string; in?: string[]; exists?: boolean },
  slots: Record<string, string>,
): boolean {
  const value = slots[slot];
  if (exists !== undefined && exists !== Boolean(value)) return false;
  if (is !== undefined && value !== is) return false;
  return !list || (value !== undefined && list.includes(value));
}

function menu(scene: Scene, step: Extract<Step, { kind: 'choice' }>, position: Position): Content {
  const options = step.options.map(({ id, label }) => ({ id, label: textIn(label, scene.language) }));
  return { type: 'choice', text: say(scene, step.text, position), options };
}

const say = (scene: Scene, texts: Texts, { slots }: Position): string =>
  fill(textIn(texts, scene.language), slots, scene.config);
