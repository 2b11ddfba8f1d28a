import { Wifi, WifiOff } from 'lucide-react';
import { useConnection } from '../../lib/realtime/connection';
import { Tooltip } from '../../ui/tooltip';
import { useAppWords } from '../words';

/** Whether what is shown is live. */
export function ConnectionMark() {
  const t = useAppWords();
  const connected = useConnection(({ state }) => state === 'live');
  const label = connected ? t('connected') : t('reconnecting');
  const Icon = connected ? Wifi : WifiOff;
  return (
    <Tooltip label={label} side="right">
      <span role="status" aria-label={label} className={connected ? 'text-rail-muted' : 'text-[#f0b64f]'}>
        <Icon className="size-4.5" aria-hidden />
      </span>
    </Tooltip>
  );
}
