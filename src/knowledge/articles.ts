import { Schema, type Connection, type Model, type UpdateQuery } from 'mongoose';
import type { ArticleView } from '../contract/knowledge';
import type { Clock } from '../platform/clock';
import { Conflict, NotFound } from '../platform/errors';
import {
  indexPendingEvents,
  pendingEvent,
  pendingEventsFields,
  type EventCarrier,
} from '../platform/events/pending';
import { derivedId, newId } from '../platform/ids';
import { behind, pageOf, readCursor, type Order, type Page } from '../platform/mongo/paging';
import type { ArticleFile } from './article-files';

export interface ArticleRow extends EventCarrier {
  _id: string;
  title: string;
  variants: string[];
  language: ArticleView['language'];
  tags: string[];
  body: string;
  enabled: boolean;
  sourceFile: string | null;
  fileHash: string | null;
  editedAt: Date | null;
  editedBy: string | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}
export type ArticleText = Pick<ArticleRow, 'title' | 'variants' | 'language' | 'tags' | 'body'>;

const latestFirst: Order = { updatedAt: -1, _id: 1 };

/** The knowledge base in the store: imported from files, edited in the console. */
export class Articles {
  readonly model: Model<ArticleRow>;

  constructor(
    connection: Connection,
    private readonly clock: Clock,
    private readonly changed: () => void,
  ) {
    this.model = defineArticles(connection);
  }

  /** An article edited in the console wins until its file changes; one whose file has gone is switched off. */
  async import(files: ArticleFile[]): Promise<void> {
    const now = this.clock.now();
    for (const { path, hash, ...text } of files) {
      const _id = derivedId('ar', path);
      const known = await this.model.findById(_id).select('fileHash').lean();
      if (known?.fileHash === hash) continue;
      const fields = {
        ...text,
        sourceFile: path,
        fileHash: hash,
        enabled: true,
        editedAt: null,
        editedBy: null,
        updatedAt: now,
      };
      await this.model.updateOne(
        { _id },
        { $set: fields, $setOnInsert: { createdAt: now }, $inc: { version: 1 } },
        { upsert: true },
      );
    }
    await this.model.updateMany(
      { sourceFile: { $ne: null, $nin: files.map(({ path }) => path) }, editedAt: null, enabled: true },
      { $set: { enabled: false } },
    );
  }

  enabled(): Promise<ArticleRow[]> {
    return this.model.find({ enabled: true }).lean();
  }

  async get(id: string): Promise<ArticleView> {
    return toArticleView(await this.require(id));
  }

  async list(query: { cursor?: string; limit: number; language?: string }): Promise<Page<ArticleView>> {
    const after = readCursor(query.cursor);
    const rows = await this.model
      .find({
        ...(query.language && { language: query.language as ArticleRow['language'] }),
        ...(after && behind(after, latestFirst)),
      })
      .sort(latestFirst)
      .limit(query.limit + 1)
      .lean();
    return pageOf(rows, query.limit, (row) => ({ at: row.updatedAt, id: row._id }), toArticleView);
  }

  async create(text: ArticleText, editor: string): Promise<ArticleView> {
    const now = this.clock.now();
    const _id = newId('ar');
    await this.model.create([
      { ...text, _id, enabled: true, editedAt: now, editedBy: editor, createdAt: now, updatedAt: now },
    ]);
    return this.tell(_id);
  }

  async change(
    id: string,
    change: Partial<ArticleText & { enabled: boolean }>,
    editor: string,
    version?: number,
  ): Promise<ArticleView> {
    const before = await this.require(id);
    const now = this.clock.now();
    const written = await this.model.updateOne(
      { _id: id, version: version ?? before.version },
      { $set: { ...change, editedAt: now, editedBy: editor, updatedAt: now }, $inc: { version: 1 } },
    );
    if (written.matchedCount === 0)
      throw new Conflict('changed_meanwhile', 'Someone else changed this article.', {
        article: toArticleView(before),
      });
    return this.tell(id);
  }

  private async require(id: string): Promise<ArticleRow> {
    const row = await this.model.findById(id).lean();
    if (!row) throw new NotFound(`No article ${id}.`);
    return row;
  }

  private async tell(id: string): Promise<ArticleView> {
    const article = await this.get(id);
    const at = this.clock.now();
    const event = pendingEvent(
      'article:updated',
      { article },
      { teamId: null, agentIds: [] },
      { id: newId('ev'), at },
    );
    const update = { $set: { relayAt: at }, $push: { pendingEvents: { $each: [event] } } };
    await this.model.updateOne({ _id: id }, update as unknown as UpdateQuery<ArticleRow>);
    this.changed();
    return article;
  }
}

export const toArticleView = (row: ArticleRow): ArticleView => ({
  id: row._id,
  title: row.title,
  variants: row.variants,
  language: row.language,
  tags: row.tags,
  body: row.body,
  enabled: row.enabled,
  sourceFile: row.sourceFile,
  editedAt: row.editedAt?.toISOString() ?? null,
  editedBy: row.editedBy,
  updatedAt: row.updatedAt.toISOString(),
  version: row.version,
});

const required = { type: String, required: true };
export const defineArticles = (connection: Connection): Model<ArticleRow> =>
  connection.model<ArticleRow>('Article', schema, 'articles');

const schema = new Schema<ArticleRow>(
  {
    _id: required,
    title: required,
    variants: { type: [String], default: [] },
    language: required,
    tags: { type: [String], default: [] },
    body: required,
    enabled: { type: Boolean, default: true },
    sourceFile: { type: String, default: null },
    fileHash: { type: String, default: null },
    editedAt: { type: Date, default: null },
    editedBy: { type: String, default: null },
    version: { type: Number, default: 1 },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    ...pendingEventsFields,
  },
  { versionKey: false, minimize: false },
);
schema.index({ updatedAt: -1, _id: 1 });
schema.index({ enabled: 1 });
indexPendingEvents(schema);
