import { Schema, type Connection, type Model } from 'mongoose';
import type { Content } from '../domain/content';
import type { DeliveryErrorClass } from '../domain/delivery';
import type { Author, Delivery, Origin } from '../domain/message';

export interface MessageRow {
  _id: string;
  conversationId: string;
  threadId: string;
  accountId: string;
  identityId: string;
  contactId: string;
  seq: number;
  author: Author;
  agent: { id: string; name: string } | null;
  content: Content;
  text: string;
  at: Date;
  sentAt: Date | null;
  editedAt: Date | null;
  delivery: Delivery | null;
  deliveryError: { class: DeliveryErrorClass; message: string; platformCode: string | null } | null;
  /** The platform's id. */
  externalId: string | null;
  clientMessageId: string | null;
  articleIds: string[];
  origin: Origin | null;
  purpose: 'service';
  visibility: 'public' | 'private';
  postId: string | null;
  parentId: string | null;
  language: string | null;
  workspace: 'live' | 'training';
}
export type MessageModel = Model<MessageRow>;

export function defineMessages(connection: Connection): MessageModel {
  return connection.model<MessageRow>('Message', schema, 'messages');
}

const text = { type: String, default: null };
const required = { type: String, required: true };

const schema = new Schema<MessageRow>(
  {
    _id: required,
    conversationId: required,
    threadId: required,
    accountId: required,
    identityId: required,
    contactId: required,
    seq: { type: Number, required: true },
    author: required,
    agent: { type: Schema.Types.Mixed, default: null },
    content: { type: Schema.Types.Mixed, required: true },
    text: { type: String, default: '' },
    at: { type: Date, required: true },
    sentAt: { type: Date, default: null },
    editedAt: { type: Date, default: null },
    delivery: text,
    deliveryError: { type: Schema.Types.Mixed, default: null },
    externalId: text,
    clientMessageId: text,
    articleIds: { type: [String], default: [] },
    origin: { type: Schema.Types.Mixed, default: null },
    purpose: { type: String, default: 'service' },
    visibility: { type: String, default: 'private' },
    postId: text,
    parentId: text,
    language: text,
    workspace: { type: String, default: 'live' },
  },
  { versionKey: false, minimize: false },
);
schema.index({ conversationId: 1, seq: 1 }, { unique: true });
schema.index({ threadId: 1, at: 1, seq: 1 });
schema.index(
  { accountId: 1, externalId: 1 },
  { partialFilterExpression: { externalId: { $type: 'string' } } },
);
