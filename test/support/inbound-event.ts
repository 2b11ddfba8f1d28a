import type { Inbound } from '../../src/domain/inbound';

/** Something that arrived in a thread and asks for no answer. */
export const inboundEvent = (accountId: string, threadId: string, id: string): Inbound => ({
  id,
  accountId,
  channel: 'telegram',
  threadId,
  identityId: `id_${threadId}`,
  author: {
    network: 'telegram',
    externalId: threadId,
    platformId: null,
    name: null,
    language: null,
    followers: null,
  },
  what: { kind: 'event', event: { type: 'other', name: 'seen' } },
  sentAt: null,
  threadTags: {},
  raw: null,
});
