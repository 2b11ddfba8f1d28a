import matter from 'gray-matter';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { articleLanguages } from '../contract/knowledge';

const frontMatter = z.strictObject({
  title: z.string().trim().min(1).max(200),
  variants: z.array(z.string().trim().min(1).max(300)).max(200).default([]),
  language: z.enum(articleLanguages),
  tags: z.array(z.string()).default([]),
});

export interface ArticleFile extends z.infer<typeof frontMatter> {
  /** The path below the folder, without its ending: stable as long as the file stays. */
  path: string;
  hash: string;
  body: string;
}
export interface ArticleProblem {
  file: string;
  message: string;
}

/** Reads every article below a folder; every problem of every file at once. */
export function readArticleFiles(folder: string): { files: ArticleFile[]; problems: ArticleProblem[] } {
  const files: ArticleFile[] = [];
  const problems: ArticleProblem[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.md') || entry.name === 'README.md') continue;
    const file = join(entry.parentPath, entry.name);
    const parsed = parseArticle(readFileSync(file, 'utf8'));
    const path = relative(folder, file).replaceAll('\\', '/').replace(/\.md$/, '');
    if ('article' in parsed) files.push({ ...parsed.article, path });
    else problems.push(...parsed.messages.map((message) => ({ file, message })));
  }
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), problems };
}

function parseArticle(text: string): { article: Omit<ArticleFile, 'path'> } | { messages: string[] } {
  try {
    const { data, content } = matter(text);
    const parsed = frontMatter.safeParse(data);
    if (!parsed.success)
      return { messages: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) };
    const body = content.trim();
    if (!body) return { messages: ['the answer is empty'] };
    return { article: { ...parsed.data, body, hash: createHash('sha256').update(text).digest('hex') } };
  } catch (error) {
    return { messages: [(error as Error).message] };
  }
}
