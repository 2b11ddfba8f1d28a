import { Check, CheckCheck, CircleAlert, CircleHelp, Clock } from 'lucide-react';
import type { MessageView } from '../../../../../src/contract/messages';
import { cx } from '../../../lib/class-names';
import { useWords } from '../words';

type Delivery = NonNullable<MessageView['delivery']>;
const icons = {
  pending: Clock,
  sent: Check,
  delivered: CheckCheck,
  read: CheckCheck,
  failed: CircleAlert,
  unknown: CircleHelp,
};
const colours: Partial<Record<Delivery, string>> = {
  read: 'text-accent-ink',
  failed: 'text-bad',
  unknown: 'text-warn',
};

/** How far a message got; only what its platform reports. */
export function DeliveryTick({ delivery }: { delivery: Delivery }) {
  const t = useWords();
  const Icon = icons[delivery];
  const label = t(`delivery.${delivery}`);
  return (
    <span
      role="img"
      aria-label={label}
      title={label}
      data-delivery={delivery}
      className={cx('inline-flex', colours[delivery])}
    >
      <Icon className="size-3.5" aria-hidden />
    </span>
  );
}
