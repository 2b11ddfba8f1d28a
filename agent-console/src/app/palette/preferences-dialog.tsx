import { useState } from 'react';
import { beep } from '../../lib/beep';
import { prefer, usePreferences } from '../../lib/preferences';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Switch } from '../../ui/switch';
import { useAppWords } from '../words';

/** What each person decides for their own browser. */
export function PreferencesDialog({ onClose }: { onClose: () => void }) {
  const t = useAppWords();
  const { ctrlEnterSends, sound } = usePreferences();
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t('preferences')}>
      <div className="flex flex-col gap-1">
        <ShortcutSwitch />
        <Switch
          label={t('ctrlEnter')}
          checked={ctrlEnterSends}
          onChange={(next) => prefer({ ctrlEnterSends: next })}
        />
        <div className="flex items-center gap-3">
          <div className="flex-1">
            <Switch
              label={t('sound')}
              checked={sound}
              onChange={(next) => {
                prefer({ sound: next });
                if (next) beep();
              }}
            />
          </div>
          <Button size="small" onClick={beep}>
            {t('testSound')}
          </Button>
        </div>
        <DesktopSwitch />
      </div>
    </Dialog>
  );
}

export function ShortcutSwitch() {
  const t = useAppWords();
  const { shortcuts } = usePreferences();
  return (
    <Switch label={t('shortcutsOn')} checked={shortcuts} onChange={(next) => prefer({ shortcuts: next })} />
  );
}

function DesktopSwitch() {
  const t = useAppWords();
  const { desktopNotifications } = usePreferences();
  const [blocked, setBlocked] = useState(false);
  const change = async (next: boolean) => {
    const allowed =
      next && 'Notification' in window && (await Notification.requestPermission()) === 'granted';
    setBlocked(next && !allowed);
    prefer({ desktopNotifications: allowed });
  };
  return (
    <Switch
      label={t('desktop')}
      hint={blocked ? t('desktopBlocked') : undefined}
      checked={desktopNotifications}
      onChange={(next) => void change(next)}
    />
  );
}
