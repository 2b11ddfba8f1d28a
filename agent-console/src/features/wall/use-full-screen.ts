import { type RefObject, useSyncExternalStore } from 'react';

/** Whether something fills the screen, and how to change that. Escape leaves it as everywhere. */
export function useFullScreen(frame: RefObject<HTMLElement | null>): [boolean, () => void] {
  const isFull = useSyncExternalStore(watch, () => document.fullscreenElement !== null);
  const toggle = () =>
    // Browsers refuse it where a frame does not allow it; then nothing changes.
    void (isFull ? document.exitFullscreen() : frame.current?.requestFullscreen())?.catch(() => undefined);
  return [isFull, toggle];
}

function watch(tell: () => void): () => void {
  document.addEventListener('fullscreenchange', tell);
  return () => document.removeEventListener('fullscreenchange', tell);
}
