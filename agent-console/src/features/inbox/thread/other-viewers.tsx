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
    <div role="status" className="flex items-center gap-1.5 text-xs text-warn" title={text}>
      <Avatar name={first.name} size="small" />
      <Icon className="size-3.5 shrink-0" aria-hidden />
      <span className="hidden max-w-36 truncate @3xl:inline">{text}</span>
      <span className="sr-only @3xl:hidden">{text}</span>
    </div>
  );
}
