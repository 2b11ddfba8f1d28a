import { useWords } from '../i18n/use-words';
import { api } from '../state/api';
import { attempt } from '../state/live';
import { shopId, useSandbox } from '../state/store';
import { usePreferences } from '../ui/preferences';
import { ButtonRow } from './button-row';
import { Switch } from './switch';

const SLOW_MS = 3_000;

/** The shop that the order and return flows call: what it knows, and what can go wrong with it. */
export function OrderSystem() {
  const words = useWords();
  const language = usePreferences((state) => state.language);
  const shop = useSandbox((state) => state.shop);
  if (!shop) return null;
  const { offline, slowMs, fail } = shop.controls;
  const change = (changes: Parameters<typeof api.control>[1]) => attempt(api.control(shopId, changes));
  return (
    <>
      <ButtonRow label={words('shop')}>
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
          label={words('fail500')}
          help={words('fail500Help')}
          isOn={fail.count > 0}
          onFlip={() => change({ fail: { count: 1, status: 500, retryAfterSeconds: 1 } })}
        />
      </ButtonRow>
      <details className="px-1 text-xs text-muted">
        <summary className="cursor-pointer">{words('tryOrders')}</summary>
        <dl className="mt-1.5 grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5">
          {shop.orders.map(({ number, statusText }) => (
            <div key={number} className="contents">
              <dt className="font-mono text-ink select-all">{number}</dt>
              <dd>{statusText[language]}</dd>
            </div>
          ))}
        </dl>
      </details>
    </>
  );
}
