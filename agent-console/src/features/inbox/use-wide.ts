import { useSyncExternalStore } from 'react';

const wide = matchMedia('(min-width: 1340px)');

/** Whether there is room for the fourth pane. */
export const useWide = (): boolean =>
  useSyncExternalStore(
    (tell) => {
      wide.addEventListener('change', tell);
      return () => wide.removeEventListener('change', tell);
    },
    () => wide.matches,
  );
