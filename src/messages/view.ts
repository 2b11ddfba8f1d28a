import type { ContentView, MessageView } from '../contract/messages';
import type { Content, Media } from '../domain/content';
import type { MessageRow } from './model';

/** A message as the console sees it. */
export function toMessageView(row: MessageRow): MessageView {
  return {
    id: row._id,
    seq: row.seq,
    conversationId: row.conversationId,
    author: row.author,
    agent: row.agent,
    text: row.text,
    content: toContentView(row.content),
    at: row.at.toISOString(),
    sentAt: row.sentAt?.toISOString() ?? null,
    editedAt: row.editedAt?.toISOString() ?? null,
    delivery: row.delivery,
    deliveryError: row.deliveryError,
    clientMessageId: row.clientMessageId,
    articleIds: row.articleIds,
  };
}

function toContentView(content: Content): ContentView {
  switch (content.type) {
    case 'image':
    case 'voice':
    case 'video':
    case 'file':
      return { type: content.type, media: toMediaView(content.media), caption: content.caption ?? null };
    case 'location':
      return { ...content, label: content.label ?? null };
    case 'link':
      return { ...content, description: content.description ?? null };
    case 'text':
    case 'choice':
    case 'unsupported':
      return content;
  }
}

const toMediaView = ({ fileId, name, mimeType, sizeBytes, error, transcript }: Media) => ({
  url: fileId && `/files/${fileId}`,
  name,
  mimeType,
  sizeBytes,
  error: error ?? null,
  transcript: transcript ?? null,
});
