import { MessagesSquare } from 'lucide-react';
import { useDeferredValue, useEffect, useRef, useState } from 'react';
import { cx } from '../../lib/class-names';
import { useCommands } from '../../lib/commands';
import { Drawer } from '../../ui/drawer';
import { EmptyState } from '../../ui/states';
import { ContextPane } from './context/context-pane';
import { ListPane } from './list/list-pane';
import { ViewsPane } from './list/views-pane';
import { conversations } from './store/inbox';
import { useWide } from './use-wide';
import { viewNames } from './store/views';
import { ThreadPane } from './thread/thread-pane';
import { type Selection, useSelection } from './use-selection';
import { useWords } from './words';

/** Views, list, thread, context: four panes on a wide screen, two on a desk, one after the other on a phone. */
export function InboxPage() {
  const t = useWords();
  const selection = useSelection();
  const { open, select } = selection;
  // The list follows the key at once; the thread, which costs more, a moment later.
  const shown = useDeferredValue(open);
  const searchRef = useRef<HTMLInputElement>(null);
  const [drawer, setDrawer] = useState(false);
  const wide = useWide();
  useEffect(() => setDrawer(false), [open]);
  useInboxCommands(selection, {
    search: () => searchRef.current?.focus(),
    context: () => setDrawer((now) => !now),
  });
  return (
    <main className="flex h-full min-w-0">
      <div className="hidden w-52 shrink-0 overflow-y-auto border-r border-line bg-raised min-[1180px]:block">
        <ViewsPane view={selection.view} onShow={selection.show} />
      </div>
      <div
        className={cx('w-full shrink-0 border-line md:block md:w-76 md:border-r xl:w-85', open && 'hidden')}
      >
        <ListPane selection={selection} searchRef={searchRef} />
      </div>
      <section aria-label={t('conversation')} className={cx('min-w-0 flex-1 md:block', !open && 'hidden')}>
        {shown ? (
          <ThreadPane id={shown} onBack={() => select(null)} onContext={() => setDrawer(true)} />
        ) : (
          <EmptyState icon={<MessagesSquare aria-hidden />} title={t('noneOpen')} hint={t('noneOpenHint')} />
        )}
      </section>
      {wide && shown && (
        <aside
          aria-label={t('context')}
          className="w-80 shrink-0 overflow-y-auto border-l border-line bg-panel"
        >
          <ContextPane conversationId={shown} />
        </aside>
      )}
      {!wide && shown && (
        <Drawer open={drawer} onOpenChange={setDrawer} title={t('context')}>
          <ContextPane conversationId={shown} />
        </Drawer>
      )}
    </main>
  );
}

function useInboxCommands(selection: Selection, focus: { search: () => void; context: () => void }): void {
  const t = useWords();
  const { view, open, select, show } = selection;
  const group = t('group.inbox');
  const step = (by: 1 | -1) => {
    const { ids } = conversations.listing(view);
    const at = open ? ids.indexOf(open) : -1;
    const next = ids[at < 0 ? 0 : Math.min(ids.length - 1, Math.max(0, at + by))];
    if (next) select(next, { replace: true });
  };
  useCommands([
    { id: 'next', label: t('next'), group, keys: 'J', run: () => step(1) },
    { id: 'previous', label: t('previous'), group, keys: 'K', run: () => step(-1) },
    {
      id: 'longest',
      label: t('longestWaiting'),
      group,
      keys: 'U',
      run: () => void openLongestWaiting(selection),
    },
    { id: 'search', label: t('search'), group, keys: '/', run: focus.search },
    { id: 'context', label: t('showContext'), group, keys: 'H', run: focus.context },
    ...viewNames.map((name, index) => ({
      id: `view-${name}`,
      label: t(`view.${name}`),
      group: t('views'),
      keys: String(index + 1),
      run: () => show(name),
    })),
  ]);
}

/** The first of the queue has waited longest. */
async function openLongestWaiting({ show, select }: Selection): Promise<void> {
  await conversations.open('queue');
  const [first] = conversations.listing('queue').ids;
  show('queue');
  if (first) select(first, { replace: true });
}
