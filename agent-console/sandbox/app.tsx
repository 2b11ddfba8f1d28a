import { useEffect } from 'react';
import { useWords } from './i18n/use-words';
import { Inspector } from './inspector/inspector';
import { PhoneShelf } from './phones/phone-shelf';
import { followSandbox } from './state/live';
import { useSandbox } from './state/store';
import { Tour } from './tour/tour';
import { usePreferences } from './ui/preferences';
import { TopBar } from './ui/top-bar';

export function App() {
  const words = useWords();
  const { language, theme } = usePreferences();
  const phase = useSandbox((state) => state.phase);
  useEffect(() => followSandbox(), []);
  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dataset['theme'] = theme;
    document.title = `Parley · ${words('title')}`;
  }, [language, theme, words]);

  return (
    <div className="flex min-h-dvh flex-col xl:h-dvh">
      <TopBar />
      {phase === 'away' && (
        <p role="status" className="bg-warn-soft px-4 py-2 text-center text-sm text-warn">
          {words('away')}
        </p>
      )}
      <Tour />
      <main className="flex min-h-0 flex-1 flex-col xl:flex-row">
        <PhoneShelf />
        <Inspector />
      </main>
    </div>
  );
}
