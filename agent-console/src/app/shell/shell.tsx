import { Outlet } from '@tanstack/react-router';
import { Overlays } from '../palette/overlays';
import { useLive } from '../use-live';
import { useAppWords } from '../words';
import { BottomBar } from './bottom-bar';
import { Rail } from './rail';
import { SignInAgain } from './sign-in-again';

/** What stands around every screen: the rail on a desk, a bar at the foot of a phone. */
export function Shell() {
  const t = useAppWords();
  useLive();
  return (
    <div className="flex h-full flex-col md:flex-row">
      <a
        href="#content"
        className="sr-only z-60 rounded-lg bg-panel px-3 py-2 shadow-float focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t('skipToContent')}
      </a>
      <Rail />
      <div id="content" tabIndex={-1} className="min-h-0 min-w-0 flex-1 outline-none">
        <Outlet />
      </div>
      <BottomBar />
      <Overlays />
      <SignInAgain />
    </div>
  );
}
