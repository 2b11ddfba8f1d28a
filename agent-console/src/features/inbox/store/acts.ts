import type { ConversationView } from '../../../../../src/contract/conversations';
import { maySee } from '../../../../../src/domain/role';
import { ApiError, call } from '../../../lib/api';
import { me } from '../../../lib/session';
import { toast } from '../../../ui/toast';
import { say } from '../words';
import { conversations, hide } from './inbox';

/** What an agent does with a conversation. Each tells of a refusal by itself and answers whether it was done. */
export const acts = {
  take: (id: string) => act(() => call('POST /conversations/:id/claim', { params: { id }, body: {} })),
  assign: (id: string, agentId: string) =>
    act(() => call('POST /conversations/:id/assign', { params: { id }, body: { agentId } })),
  takeOver: (id: string) => acts.assign(id, me()?.id ?? ''),
  transfer: (id: string, to: { teamId: string } | { agentId: string }, note: string) =>
    act(() =>
      call('POST /conversations/:id/transfer', { params: { id }, body: { ...to, ...(note && { note }) } }),
    ),
  returnToQueue: (id: string) =>
    act(() => call('POST /conversations/:id/return-to-queue', { params: { id }, body: {} })),
  snooze: (id: string, until: Date) =>
    act(() =>
      call('POST /conversations/:id/snooze', { params: { id }, body: { until: until.toISOString() } }),
    ),
  reopen: (id: string) => act(() => call('POST /conversations/:id/reopen', { params: { id }, body: {} })),
  resolve,
};

async function act(request: () => Promise<ConversationView>): Promise<boolean> {
  try {
    take(await request());
    return true;
  } catch (error) {
    toast({ tone: 'error', text: explain(error) });
    return false;
  }
}

/** Who hands a conversation to others may lose sight of it, and hears nothing of it any more. */
function take(row: ConversationView): void {
  const mine = me();
  const audience = { teamId: row.team?.id ?? null, agentIds: row.assignee ? [row.assignee.id] : [] };
  if (!mine || maySee({ ...mine, agentId: mine.id }, audience)) conversations.put(row);
  else hide(row.id, row.version);
}

const undoableForMs = 5_000;

/** Gone at once for the agent; told to the server when it can no longer be undone, also when the page is left before. */
function resolve(id: string): void {
  if (conversations.isLeaving(id)) return;
  const name = conversations.get(id)?.contact.name ?? '';
  let open = true;
  const finish = (): void => {
    if (!open) return;
    open = false;
    clearTimeout(timer);
    window.removeEventListener('pagehide', finishOnLeaving);
    void act(() => call('POST /conversations/:id/close', { params: { id }, body: {} })).then(() =>
      conversations.setLeaving(id, false),
    );
  };
  const finishOnLeaving = (): void => {
    const init = {
      method: 'POST',
      keepalive: true,
      body: '{}',
      headers: { 'Content-Type': 'application/json' },
    };
    if (open)
      void fetch(`/api/v1/conversations/${encodeURIComponent(id)}/close`, init).catch(() => undefined);
    open = false;
  };
  const undo = (): void => {
    open = false;
    clearTimeout(timer);
    window.removeEventListener('pagehide', finishOnLeaving);
    conversations.setLeaving(id, false);
  };
  const timer = setTimeout(finish, undoableForMs);
  window.addEventListener('pagehide', finishOnLeaving);
  conversations.setLeaving(id, true);
  toast({ text: say('resolved', { name }), onUndo: undo, lastsMs: undoableForMs });
}

function explain(error: unknown): string {
  if (!(error instanceof ApiError)) return say('act.failed');
  const owner = (error.details as { owner?: { name: string } } | undefined)?.owner?.name ?? '';
  switch (error.code) {
    case 'already_claimed':
      return say('act.alreadyClaimed', { name: owner });
    case 'not_owner':
      return say('act.notOwner');
    case 'closed':
      return say('act.closed');
    case 'another_is_open':
      return say('act.anotherIsOpen');
    case 'offline':
      return say('act.offline');
    default:
      return say('act.failed');
  }
}
