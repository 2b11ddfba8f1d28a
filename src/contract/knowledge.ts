import { z } from 'zod';
import { instant, paging } from './common';

export const articleLanguages = ['zh-CN', 'zh-TW', 'en'] as const;
export const articleView = z.object({
  id: z.string(),
  title: z.string(),
  variants: z.array(z.string()),
  language: z.enum(articleLanguages),
  tags: z.array(z.string()),
  body: z.string(),
  enabled: z.boolean(),
  /** The file it came from; an edit in the console wins until the file changes. */
  sourceFile: z.string().nullable(),
  editedAt: instant.nullable(),
  editedBy: z.string().nullable(),
  updatedAt: instant,
  version: z.number().int(),
});
export type ArticleView = z.infer<typeof articleView>;

export const articlesQuery = z.strictObject({
  ...paging,
  language: z.enum(articleLanguages).optional(),
});
/** `q` as a customer would ask it: the same ranking as the bot's, with its confidence. */
export const articleSearchQuery = z.strictObject({
  q: z.string().min(1).max(500),
  limit: z.coerce.number().int().min(1).max(100).default(5),
});
export const articleHit = z.object({ article: articleView, confidence: z.number() });
export const articleSearchResult = z.object({
  items: z.array(articleHit),
  nextCursor: z.null(),
  /** What the bot would do with this question. */
  decision: z.enum(['answer', 'clarify', 'miss']),
});

const title = z.string().trim().min(1).max(200);
const variants = z.array(z.string().trim().min(1).max(300)).max(200);
const body = z.string().trim().min(1).max(10_000);
const tags = z.array(z.string().trim().min(1).max(50)).max(20);
export const createArticle = z.strictObject({
  title,
  variants: variants.default([]),
  language: z.enum(articleLanguages),
  tags: tags.default([]),
  body,
});
export const changeArticle = z.strictObject({
  title: title.optional(),
  variants: variants.optional(),
  language: z.enum(articleLanguages).optional(),
  tags: tags.optional(),
  body: body.optional(),
  enabled: z.boolean().optional(),
  /** The version that was edited; another change since is a 409. */
  version: z.number().int().optional(),
});

/** What the bot would do with a first message; nothing is sent and nothing changes. */
export const previewQuery = z.strictObject({ q: z.string().trim().min(1).max(500) });
export const botPreview = z.object({
  decision: z.object({
    kind: z.enum([
      'ignore',
      'leaveToAgent',
      'welcome',
      'runFlow',
      'answer',
      'clarify',
      'miss',
      'smallTalk',
      'optOut',
      'handOver',
    ]),
    because: z.string().nullable(),
    flow: z.object({ id: z.string(), titles: z.record(z.string(), z.string()) }).nullable(),
    /** The article it answers with, or those it offers. */
    articleIds: z.array(z.string()),
  }),
  /** Best first, also those too weak to be offered. */
  matches: z.array(z.object({ articleId: z.string(), title: z.string(), confidence: z.number() })),
  /** From `answer` on it answers by itself, from `offer` on it offers. */
  thresholds: z.object({ answer: z.number(), offer: z.number() }),
});
export type BotPreview = z.infer<typeof botPreview>;

const byLanguage = z.record(z.string(), z.string());
/** A flow as a graph that a page can draw. */
export const flowView = z.object({
  id: z.string(),
  title: z.string(),
  /** The same title in each language that it has. */
  titles: byLanguage,
  version: z.string(),
  languages: z.array(z.string()),
  triggers: z.array(z.string()),
  start: z.string(),
  steps: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      label: z.string(),
      /** What it says, by language; null for a step that says nothing. */
      texts: byLanguage.nullable(),
      /** What else there is to know of it: the slot it fills, its tries, what it saves. */
      facts: z.array(z.object({ name: z.string(), value: z.string() })),
      next: z.array(
        z.object({
          to: z.string(),
          when: z.string().nullable(),
          /** The words of the option that leads there, by language. */
          labels: byLanguage.nullable(),
        }),
      ),
    }),
  ),
});
export type FlowView = z.infer<typeof flowView>;
