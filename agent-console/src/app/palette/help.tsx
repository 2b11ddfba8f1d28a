import { useState } from 'react';
import { useAllCommands } from '../../lib/commands';
import { Dialog } from '../../ui/dialog';
import { Kbd } from '../../ui/kbd';
import { useAppWords } from '../words';
import { ShortcutSwitch } from './preferences-dialog';

/** Every shortcut that works on this screen, by what it belongs to. */
export function Help({ onClose }: { onClose: () => void }) {
  const t = useAppWords();
  // As they were when it opened.
  const [commands] = useState(useAllCommands());
  const shown = commands.filter(({ keys }) => keys);
  const groups = [...new Set(shown.map(({ group }) => group))];
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={t('help')}
      description={t('helpHint')}
    >
      <ShortcutSwitch />
      <div className="mt-4 grid gap-x-8 gap-y-5 sm:grid-cols-2">
        {groups.map((group) => (
          <section key={group} aria-label={group}>
            <h3 className="mb-1.5 text-xs font-medium text-muted">{group}</h3>
            <dl className="flex flex-col gap-1">
              {shown
                .filter((command) => command.group === group)
                .map(({ id, label, keys }) => (
                  <div key={id} className="flex items-center gap-2">
                    <dt className="flex-1">{label}</dt>
                    <dd className="flex gap-1">
                      {keys?.split(' ').map((key) => (
                        <Kbd key={key}>{key}</Kbd>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
        <section>
          <dl className="flex items-center gap-2">
            <dt className="flex-1">{t('palette')}</dt>
            <dd className="flex gap-1">
              <Kbd>Ctrl</Kbd>
              <Kbd>K</Kbd>
            </dd>
          </dl>
        </section>
      </div>
    </Dialog>
  );
}
