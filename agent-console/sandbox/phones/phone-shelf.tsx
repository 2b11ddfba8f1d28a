import { useWords } from '../i18n/use-words';
import { useSandbox } from '../state/store';
import { PhoneStand } from './phone-stand';
import { WebPhoneStand } from './web-phone-stand';

/** The phones side by side; on a narrow screen one swipes from one to the next. */
export function PhoneShelf() {
  const words = useWords();
  const accounts = useSandbox((state) => state.accounts);
  const isLoading = useSandbox((state) => state.phase === 'loading');
  if (isLoading) return <p className="flex-1 p-10 text-center text-muted">{words('loading')}</p>;
  return (
    <div
      className="flex min-w-0 flex-1 snap-x snap-mandatory gap-6 overflow-x-auto p-4 sm:p-6 md:snap-none xl:overflow-y-auto xl:py-4"
      tabIndex={0}
      role="group"
      aria-label={words('customers')}
    >
      {accounts.map((account) =>
        account.type === 'webchat' ? (
          <WebPhoneStand key={account.id} account={account} />
        ) : (
          <PhoneStand key={account.id} account={account} />
        ),
      )}
    </div>
  );
}
