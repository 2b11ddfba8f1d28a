import { Eye, PencilLine } from 'lucide-react';
import { useMe } from '../../../lib/session';
import { Avatar } from '../../../ui/avatar';
import { usePresence } from '../store/presence';
import { useWords } from '../words';

/** Colleagues who look at the same conversation, and whether they write: so that two do not answer. */
export function OtherViewers({ conversationId }: { conversationId: string }) {
  const t = useWords();
  const me = useMe();
  const viewers = usePresence((presence) => presence.viewers);
  const others = (viewers?.conversationId === conversationId ? viewers.agents : []).filter(
    ({ id }) => id !== me.id,
  );
  const first = others.find(({ typing }) => typing) ?? others[0];
  if (!first) return null;
  const text = t(first.typing ? 'viewer.types' : 'viewer.looks', { name: first.name });
  const Icon = first.typing ? PencilLine : Eye;
  return (
    <div role="status" className="shrink-0 px-3 pb-1.5 md:px-5">
      <p className="mx-auto flex w-full max-w-200 items-center gap-2 text-xs text-warn">
        <Avatar name={first.name} size="tiny" />
        <span className="truncate">{text}</span>
        <Icon className="size-3.5 shrink-0" aria-hidden />
      </p>
    </div>
  );
}
