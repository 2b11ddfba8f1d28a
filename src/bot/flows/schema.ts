import { z } from 'zod';

const name = z.string().regex(/^[a-z][A-Za-z0-9_-]{0,49}$/, 'a letter, then letters, digits, - or _');
/** The same text in each language; `{slot}` stands for what was collected. */
const texts = z
  .partialRecord(z.enum(['zh-CN', 'zh-TW', 'en']), z.string().min(1))
  .refine((text) => Object.keys(text).length > 0, 'needs a text in one language at least')
  .describe('text by language');
const next = name.describe('the step that follows');

/** Conditions over slots, as data. */
const condition = z.strictObject({
  slot: name,
  is: z.string().optional(),
  in: z.array(z.string()).optional(),
  exists: z.boolean().optional(),
});

const validate = z.strictObject({
  type: z.enum(['text', 'number', 'email', 'phone', 'date', 'orderNumber']).default('text'),
  pattern: z.string().max(200).optional(),
  minLength: z.number().int().min(1).optional(),
  maxLength: z.number().int().max(2_000).optional(),
});

const say = z.strictObject({ kind: z.literal('say'), text: texts, next });
const ask = z.strictObject({
  kind: z.literal('ask'),
  text: texts,
  slot: name,
  validate: validate.default({ type: 'text' }),
  /** Said when the answer does not fit. */
  hint: texts,
  retries: z.number().int().min(0).max(5).default(2),
  /** After the last try; none: a person. */
  onFailure: next.optional(),
  next,
});
const choice = z.strictObject({
  kind: z.literal('choice'),
  text: texts,
  slot: name,
  options: z
    .array(z.strictObject({ id: name, label: texts, next: next.optional() }))
    .min(2)
    .max(10),
  next: next.optional(),
});
const branch = z.strictObject({
  kind: z.literal('branch'),
  cases: z.array(condition.extend({ next })).min(1),
  otherwise: next,
});
const set = z.strictObject({ kind: z.literal('set'), slots: z.record(name, z.string()), next });
const call = z.strictObject({
  kind: z.literal('call'),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH']).default('GET'),
  url: z.string(),
  body: z.record(z.string(), z.string()).optional(),
  timeoutSeconds: z.number().min(0.1).max(10).default(5),
  /** Slots from the answer, by dotted path. */
  save: z.record(name, z.string()).default({}),
  onStatus: z.record(z.string().regex(/^\d{3}$/), next).default({}),
  onError: next,
  next,
});
const answer = z.strictObject({ kind: z.literal('answer'), slot: name, next });
const handover = z.strictObject({
  kind: z.literal('handover'),
  summary: texts,
  priority: z.enum(['low', 'normal', 'high', 'urgent']).default('normal'),
  skills: z.array(z.string()).default([]),
});
const end = z.strictObject({ kind: z.literal('end'), text: texts.optional() });

export const step = z.discriminatedUnion('kind', [
  say,
  ask,
  choice,
  branch,
  set,
  call,
  answer,
  handover,
  end,
]);
export const flowFile = z.strictObject({
  id: name,
  title: texts,
  /** Patterns that start it; a named group fills a slot. */
  triggers: z.array(z.string().max(300)).min(1),
  /** It takes complaints. */
  takesComplaints: z.boolean().default(false),
  start: name,
  steps: z.record(name, step),
});
export type Flow = z.infer<typeof flowFile> & { version: string };
export type Step = z.infer<typeof step>;
export type Texts = Partial<Record<'zh-CN' | 'zh-TW' | 'en', string>>;
