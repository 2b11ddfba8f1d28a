import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useCommands } from '../../lib/commands';
import { useScreens } from '../shell/use-screens';
import { useAppWords } from '../words';

const Palette = lazy(() => import('./palette').then(({ Palette: component }) => ({ default: component })));
const Help = lazy(() => import('./help').then(({ Help: component }) => ({ default: component })));
const Preferences = lazy(() =>
  import('./preferences-dialog').then(({ PreferencesDialog }) => ({ default: PreferencesDialog })),
);
export type Overlay = 'palette' | 'help' | 'preferences' | null;

/** The commands of every screen, and what opens over them. */
export function Overlays() {
  const t = useAppWords();
  const navigate = useNavigate();
  const screens = useScreens();
  const [open, setOpen] = useState<Overlay>(null);
  const group = t('goTo');
  useCommands([
    ...screens.map(({ to, name, key }) => ({
      id: `go-${name}`,
      label: t(name),
      group,
      keys: `G ${key}`,
      run: () => void navigate({ to }),
    })),
    { id: 'help', label: t('help'), group: t('general'), keys: '?', run: () => setOpen('help') },
    { id: 'preferences', label: t('preferences'), group: t('general'), run: () => setOpen('preferences') },
  ]);
  useOpeners(setOpen);
  const close = () => setOpen(null);
  return (
    <Suspense>
      {open === 'palette' && <Palette onClose={close} />}
      {open === 'help' && <Help onClose={close} />}
      {open === 'preferences' && <Preferences onClose={close} />}
    </Suspense>
  );
}

const openEvent = 'parley:open';
/** From anywhere in the shell. */
export const openOverlay = (overlay: Overlay): void =>
  void window.dispatchEvent(new CustomEvent(openEvent, { detail: overlay }));

/** Ctrl+K or ⌘K opens the palette from anywhere, also while writing. */
function useOpeners(setOpen: (change: (now: Overlay) => Overlay) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      setOpen((now) => (now === 'palette' ? null : 'palette'));
    };
    const onAsk = (event: Event) => setOpen(() => (event as CustomEvent<Overlay>).detail);
    document.addEventListener('keydown', onKey);
    window.addEventListener(openEvent, onAsk);
    return () => {
      document.removeEventListener('keydown', onKey);
      window.removeEventListener(openEvent, onAsk);
    };
  }, [setOpen]);
}
