import { z } from 'zod';
import { businessHours, slaPolicy } from '../../contract/policies';
import { roles } from '../../domain/role';

const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,99}$/, 'lower-case letters, digits and -');
const words = z.array(z.string().min(1)).default([]);
const origin = z.url({ protocol: /^https?$/ });

export const channel = z.strictObject({
  id: slug,
  type: z.string().min(1),
  name: z.string().min(1),
  configuration: z.record(z.string(), z.unknown()).default({}),
});
export type ChannelConfig = z.infer<typeof channel>;

const agent = z.strictObject({
  email: z.email(),
  password: z.string().min(10, 'must have at least 10 characters'),
  name: z.string().min(1),
  role: z.enum(roles).default('agent'),
  skills: words,
  languages: words,
  capacity: z.number().int().min(0).max(100).default(5),
});
const team = z.strictObject({ id: slug, name: z.string().min(1), members: z.array(z.email()).default([]) });

const routing = z.strictObject({
  mode: z.enum(['pull', 'push']).default('pull'),
  offerSeconds: z.number().int().min(5).max(600).default(30),
});

const llm = z.strictObject({
  provider: z.enum(['openai', 'anthropic', 'ollama']),
  model: z.string().min(1),
  baseUrl: origin.optional(),
  apiKey: z.string().min(1).optional(),
});
export type LlmConfig = z.infer<typeof llm>;

/** `parley.yaml`. Unknown keys are errors: a misspelt one would be silently without effect. */
export const configFile = z.strictObject({
  channels: z.array(channel).default([]).superRefine(uniqueBy('id')),
  knowledgeBase: z.string().default('./knowledge-base'),
  flows: z.string().default('./flows'),
  team: z
    .strictObject({
      agents: z.array(agent).default([]).superRefine(uniqueBy('email')),
      teams: z.array(team).default([]).superRefine(uniqueBy('id')),
    })
    .default({ agents: [], teams: [] }),
  actions: z
    .strictObject({
      /** Origins that flows may call although they are not public. */
      allow: z.array(origin).default([]),
      /** What `{config.orderApi}` is in a flow. */
      orderApi: origin.optional(),
    })
    .default({ allow: [] }),
  hours: businessHours.nullable().default(null),
  sla: z
    .array(slaPolicy)
    .min(1)
    .default([slaPolicy.parse({ name: 'standard' })]),
  routing: routing.default({ mode: 'pull', offerSeconds: 30 }),
  llm: llm.nullable().default(null),
  sandbox: z.boolean().optional(),
});
export type ConfigFile = z.infer<typeof configFile>;

function uniqueBy<K extends string>(key: K) {
  return (items: Record<K, string>[], context: z.RefinementCtx) => {
    const seen = new Set<string>();
    items.forEach((item, index) => {
      const value = item[key].toLowerCase();
      if (seen.has(value))
        context.addIssue({ code: 'custom', path: [index, key], message: `${item[key]} stands twice` });
      seen.add(value);
    });
  };
}
