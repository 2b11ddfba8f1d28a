import { useWords } from '../i18n/use-words';
import { api } from '../state/api';
import { attempt } from '../state/live';
import type { Account, Customer } from '../state/types';
import { Button } from '../ui/button';
import { ButtonRow } from './button-row';
import { Switch } from './switch';

const SLOW_MS = 3_000;
const COPIES = 5;

/** What can go wrong with the platform: switches stay on, the others happen once. */
export function FaultSwitches({ account, customer }: { account: Account; customer: Customer }) {
  const words = useWords();
  const { offline, slowMs, deliveries, fail } = account.controls;
  const change = (changes: Parameters<typeof api.control>[1]) => attempt(api.control(account.id, changes));
  const failOnce = (status: 429 | 500) => change({ fail: { count: 1, status, retryAfterSeconds: 1 } });
  const isArmed = (status: number) => fail.count > 0 && fail.status === status;
  const impersonate = async () => {
    await api.control(account.id, { badSignatures: 1 });
    await api.send(customer.id, { kind: 'text', text: words('impostorText') });
  };
  return (
    <ButtonRow label={words('platformDoes')}>
      <Switch
        label={words('offline')}
        help={words('offlineHelp')}
        isOn={offline}
        onFlip={() => change({ offline: !offline })}
      />
      <Switch
        label={words('slow')}
        help={words('slowHelp')}
        isOn={slowMs > 0}
        onFlip={() => change({ slowMs: slowMs > 0 ? 0 : SLOW_MS })}
      />
      <Switch
        label={words('duplicate')}
        help={words('duplicateHelp')}
        isOn={deliveries > 1}
        onFlip={() => change({ deliveries: deliveries > 1 ? 1 : COPIES, atOnce: deliveries <= 1 })}
      />
      <Switch
        label={words('fail429')}
        help={words('fail429Help')}
        isOn={isArmed(429)}
        onFlip={() => failOnce(429)}
      />
      <Switch
        label={words('fail500')}
        help={words('fail500Help')}
        isOn={isArmed(500)}
        onFlip={() => failOnce(500)}
      />
      {account.type === 'wechat' && (
        <Button size="small" title={words('laterHelp')} onClick={() => change({ advanceHours: 49 })}>
          {words('later')}
        </Button>
      )}
      <Button
        size="small"
        look="danger"
        title={words('badSignatureHelp')}
        onClick={() => attempt(impersonate())}
      >
        {words('badSignature')}
      </Button>
    </ButtonRow>
  );
}
