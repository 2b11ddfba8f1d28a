import type { ConversationView } from '../../src/contract/conversations';
import type { MessageView } from '../../src/contract/messages';
import type { ApiClient } from './api-client';
import type { TelegramApi } from './telegram-api';

/** What the store and the platform say of one user, side by side. */
export interface UserStory {
  /** What the user wrote, in the order of the conversation. */
  written: string[];
  replies: Record<'pending' | 'sent' | 'unknown' | 'failed', number>;
  /** How many messages the platform accepted for them. */
  accepted: number;
}

/** Reads everything of these users through the API, as an operator would. */
export async function readStories(
  admin: ApiClient,
  telegram: TelegramApi,
  users: Iterable<number>,
): Promise<Map<number, UserStory>> {
  const wanted = new Set(users);
  const stories = new Map<number, UserStory>();
  for (const conversation of await allConversations(admin)) {
    const user = Number(/User (\d+)/.exec(conversation.contact.name)?.[1]);
    if (!wanted.has(user)) continue;
    const story = stories.get(user) ?? emptyStory(telegram, user);
    stories.set(user, story);
    for (const message of await admin.messages(conversation.id)) add(story, message);
  }
  return stories;
}

/** Sums up what must hold: nothing lost, nothing doubled, everything in order. */
export function judge(stories: Map<number, UserStory>, acknowledged: Map<number, string[]>) {
  const verdict = {
    lost: [] as string[],
    doubled: [] as string[],
    outOfOrder: [] as number[],
    waiting: 0,
    unknown: 0,
  };
  for (const [user, texts] of acknowledged) {
    const story = stories.get(user);
    const written = story?.written ?? [];
    verdict.lost.push(...texts.filter((text) => !written.includes(text)));
    verdict.doubled.push(...written.filter((text, index) => written.indexOf(text) !== index));
    const kept = written.filter((text) => texts.includes(text));
    if (kept.join('|') !== texts.filter((text) => kept.includes(text)).join('|'))
      verdict.outOfOrder.push(user);
    if (story) addReplies(verdict, user, story);
    // Whoever wrote is answered by the bot at least once: with an answer, or with what happens next.
    if (!story || Object.values(story.replies).every((count) => count === 0)) verdict.waiting += 1;
  }
  return verdict;
}

function addReplies(
  verdict: { lost: string[]; doubled: string[]; waiting: number; unknown: number },
  user: number,
  { replies, accepted }: UserStory,
): void {
  verdict.waiting += replies.pending;
  verdict.unknown += replies.unknown;
  if (accepted < replies.sent) verdict.lost.push(`a reply to user ${user} that counts as sent`);
  if (accepted > replies.sent + replies.unknown + replies.pending)
    verdict.doubled.push(`a reply to user ${user}`);
}

const emptyStory = (telegram: TelegramApi, user: number): UserStory => ({
  written: [],
  replies: { pending: 0, sent: 0, unknown: 0, failed: 0 },
  accepted: telegram.accepted.filter(({ chatId }) => chatId === user).length,
});

function add(story: UserStory, { author, text, delivery }: MessageView): void {
  if (author === 'contact') story.written.push(text);
  if (author !== 'bot' && author !== 'agent') return;
  if (delivery === 'pending' || delivery === 'unknown' || delivery === 'failed') story.replies[delivery] += 1;
  else story.replies.sent += 1;
}

async function allConversations(admin: ApiClient): Promise<ConversationView[]> {
  const all: ConversationView[] = [];
  let cursor: string | null = null;
  do {
    const after: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { body } = await admin.get<{ items: ConversationView[]; nextCursor: string | null }>(
      `/conversations?limit=100${after}`,
    );
    all.push(...body.items);
    cursor = body.nextCursor;
  } while (cursor !== null);
  return all;
}
