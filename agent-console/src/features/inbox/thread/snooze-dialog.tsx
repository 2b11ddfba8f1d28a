import type { ConversationView } from '../../../../../src/contract/conversations';
import { serverNow } from '../../../lib/now';
import { isSameDay } from '../../../lib/same-day';
import { clockTime, shortDate } from '../../../lib/time';
import { Dialog } from '../../../ui/dialog';
import { acts } from '../store/acts';
import { useWords } from '../words';

interface Props {
  row: ConversationView;
  open: boolean;
  onClose: () => void;
}

/** It rests until then, or until the contact writes. */
export function SnoozeDialog({ row, open, onClose }: Props) {
  const t = useWords();
  const choose = async (until: Date) => {
    if (await acts.snooze(row.id, until)) onClose();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t('snoozeTitle')}
      description={t('snoozeHint')}
    >
      <div className="-mx-2 flex flex-col">
        {open &&
          snoozeTimes().map(({ key, until }) => (
            <button
              key={key}
              type="button"
              data-first
              onClick={() => void choose(until)}
              className="flex h-10 items-center rounded-lg px-2 text-left hover:bg-hover"
            >
              <span className="flex-1">{t(`snooze.${key}`)}</span>
              <time className="text-[13px] text-muted">{timeOf(until)}</time>
            </button>
          ))}
      </div>
    </Dialog>
  );
}

function snoozeTimes() {
  const now = serverNow();
  const at = (days: number, hour: number) => {
    const day = new Date(now);
    day.setDate(day.getDate() + days);
    day.setHours(hour, 0, 0, 0);
    return day;
  };
  const untilMonday = (8 - new Date(now).getDay()) % 7 || 7;
  return [
    { key: 'in30Minutes', until: new Date(now + 30 * 60_000) },
    { key: 'in2Hours', until: new Date(now + 2 * 3_600_000) },
    { key: 'tomorrow', until: at(1, 9) },
    { key: 'nextWeek', until: at(untilMonday, 9) },
  ] as const;
}

function timeOf(until: Date): string {
  const iso = until.toISOString();
  return isSameDay(iso, new Date(serverNow()).toISOString())
    ? clockTime(iso)
    : `${shortDate(iso)} ${clockTime(iso)}`;
}
