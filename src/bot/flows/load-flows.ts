import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { flowFile, type Flow, type Step } from './schema';

export interface FlowProblem {
  file: string;
  message: string;
}

/** Reads and checks every flow of a folder; every problem of every file at once. */
export function loadFlows(folder: string): { flows: Flow[]; problems: FlowProblem[] } {
  const flows: Flow[] = [];
  const problems: FlowProblem[] = [];
  const names = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /\.ya?ml$/.test(name))
        .sort()
    : [];
  for (const name of names) {
    const file = join(folder, name);
    const { flow, messages } = readFlow(readFileSync(file, 'utf8'));
    if (flow) flows.push(flow);
    problems.push(...messages.map((message) => ({ file, message })));
  }
  return { flows, problems };
}

export function readFlow(text: string): { flow: Flow | null; messages: string[] } {
  const document = parseDocument(text);
  if (document.errors.length > 0)
    return { flow: null, messages: document.errors.map(({ message }) => message) };
  const parsed = flowFile.safeParse(document.toJS({ maxAliasCount: 20 }));
  if (!parsed.success)
    return {
      flow: null,
      messages: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
    };
  const version = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const flow = { ...parsed.data, version };
  const messages = [...targetProblems(flow), ...patternProblems(flow)];
  return { flow: messages.length === 0 ? flow : null, messages };
}

/** The form of a flow file for editors: `flows/flow.schema.json` is this, and a test keeps it so. */
export const flowJsonSchema = () => z.toJSONSchema(flowFile, { io: 'input' });

/** Where a step may lead. */
export function targetsOf(step: Step): { to: string; when: string | null }[] {
  switch (step.kind) {
    case 'say':
    case 'set':
    case 'answer':
      return [{ to: step.next, when: null }];
    case 'ask':
      return [
        { to: step.next, when: null },
        ...(step.onFailure ? [{ to: step.onFailure, when: 'failed' }] : []),
      ];
    case 'choice':
      return step.options.flatMap(({ id, next }) =>
        (next ?? step.next) ? [{ to: next ?? step.next ?? '', when: id }] : [],
      );
    case 'branch':
      return [
        ...step.cases.map(({ next, slot, is }) => ({ to: next, when: `${slot} ${is ?? ''}`.trim() })),
        { to: step.otherwise, when: 'otherwise' },
      ];
    case 'call':
      return [
        { to: step.next, when: 'ok' },
        ...Object.entries(step.onStatus).map(([status, to]) => ({ to, when: status })),
        { to: step.onError, when: 'error' },
      ];
    case 'handover':
    case 'end':
      return [];
  }
}

function targetProblems(flow: Flow): string[] {
  const problems = flow.steps[flow.start] ? [] : [`start: there is no step ${flow.start}`];
  const reached = new Set<string>([flow.start]);
  for (const [id, step] of Object.entries(flow.steps)) {
    for (const { to } of targetsOf(step)) {
      reached.add(to);
      if (!flow.steps[to]) problems.push(`steps.${id}: leads to ${to}, which is no step`);
    }
    if (step.kind === 'choice' && step.options.some(({ next }) => !next && !step.next))
      problems.push(`steps.${id}: an option leads nowhere`);
  }
  const lost = Object.keys(flow.steps).filter((id) => !reached.has(id));
  return [...problems, ...lost.map((id) => `steps.${id}: no step leads here`)];
}

function patternProblems(flow: Flow): string[] {
  const patterns = [
    ...flow.triggers.map((pattern) => ['triggers', pattern] as const),
    ...Object.entries(flow.steps).flatMap(([id, step]) =>
      step.kind === 'ask' && step.validate.pattern
        ? [[`steps.${id}.validate`, step.validate.pattern] as const]
        : [],
    ),
  ];
  return patterns.flatMap(([where, pattern]) =>
    isSafePattern(pattern) ? [] : [`${where}: ${pattern} is no pattern, or one that could take for ever`],
  );
}

/** A repetition inside a repetition can take time without end; such patterns are refused. */
export function isSafePattern(pattern: string): boolean {
  try {
    new RegExp(pattern, 'iu');
  } catch {
    return false;
  }
  return !/\((?:[^()\\]|\\.)*[+*}](?:[^()\\]|\\.)*\)[+*{]/.test(pattern);
}
