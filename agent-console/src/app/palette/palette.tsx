import { Command as Cmdk } from 'cmdk';
import { Dialog as Radix } from 'radix-ui';
import { type Command, useAllCommands } from '../../lib/commands';
import { Kbd } from '../../ui/kbd';
import { useAppWords } from '../words';

/** All that can be done here, found by a few letters; each with its keys, so that the next time is quicker. */
export function Palette({ onClose }: { onClose: () => void }) {
  const t = useAppWords();
  const groups = Object.entries(groupBy(useAllCommands()));
  const run = (command: Command) => {
    onClose();
    // After the dialog has given the focus back.
    setTimeout(() => command.run(), 0);
  };
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          aria-describedby={undefined}
          className="appears fixed top-[12vh] left-1/2 z-50 w-[min(94vw,36rem)] -translate-x-1/2 overflow-hidden rounded-2xl border border-line bg-panel shadow-float"
        >
          <Radix.Title className="sr-only">{t('palette')}</Radix.Title>
          <Cmdk label={t('palette')} loop>
            <Cmdk.Input
              placeholder={t('paletteHint')}
              className="h-13 w-full border-b border-line bg-transparent px-4 text-[15px] outline-none"
            />
            <Cmdk.List className="max-h-[min(52vh,24rem)] overflow-y-auto p-1.5">
              <Cmdk.Empty className="p-6 text-center text-muted">{t('paletteEmpty')}</Cmdk.Empty>
              {groups.map(([group, commands]) => (
                <Cmdk.Group
                  key={group}
                  heading={group}
                  className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-muted"
                >
                  {commands.map((command) => (
                    <Cmdk.Item
                      key={command.id}
                      value={`${command.label} ${command.id}`}
                      onSelect={() => run(command)}
                      className="flex h-10 cursor-pointer items-center gap-2 rounded-lg px-2.5 data-[selected=true]:bg-selected"
                    >
                      <span className="flex-1 truncate">{command.label}</span>
                      {command.keys?.split(' ').map((key) => (
                        <Kbd key={key}>{key}</Kbd>
                      ))}
                    </Cmdk.Item>
                  ))}
                </Cmdk.Group>
              ))}
            </Cmdk.List>
          </Cmdk>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** `reply-enter` is the same act under a second key: once is enough here. */
function groupBy(commands: Command[]): Record<string, Command[]> {
  const groups: Record<string, Command[]> = {};
  for (const command of commands)
    if (command.id !== 'reply-enter') (groups[command.group] ??= []).push(command);
  return groups;
}
