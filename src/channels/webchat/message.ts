import type { WebchatMessage } from '../../contract/webchat';
import type { Content } from '../../domain/content';

/** A message as the visitor's page shows it. */
export interface ShownMessage {
  _id: string;
  author: string;
  text: string;
  content: Content;
  at: Date;
  externalId: string | null;
}

export function toWebchatMessage(row: ShownMessage, fileLink: (fileId: string) => string): WebchatMessage {
  const { content } = row;
  const isMine = row.author === 'contact';
  return {
    id: isMine && row.externalId ? row.externalId : row._id,
    author: row.author as WebchatMessage['author'],
    text: 'media' in content ? (content.caption ?? '') : row.text,
    at: row.at.toISOString(),
    ...(content.type === 'choice' && !isMine && { choices: content.options }),
    ...('media' in content && { attachments: attachmentsOf(content, fileLink) }),
    ...(isMine && row.externalId && { clientMessageId: row.externalId.split(':').slice(1).join(':') }),
  };
}

function attachmentsOf(
  { media }: Extract<Content, { media: unknown }>,
  fileLink: (fileId: string) => string,
) {
  const { fileId, name, mimeType, sizeBytes } = media;
  return fileId ? [{ url: fileLink(fileId), name, mimeType, sizeBytes }] : [];
}
