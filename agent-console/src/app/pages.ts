import { lazyRouteComponent } from '@tanstack/react-router';
import type { FunctionComponent } from 'react';
import { NotFoundState } from '../ui/states';

const files = import.meta.glob<Record<string, FunctionComponent>>('../features/*/*-page.tsx');

/** `pageOf('wall/wall-page')` is the `WallPage` of that file, fetched when it is first shown. */
export function pageOf(path: string): FunctionComponent {
  const load = files[`../features/${path}.tsx`];
  const name = (path.split('/')[1] ?? '').replace(/(^|-)(\w)/g, (_, __, letter: string) =>
    letter.toUpperCase(),
  );
  return load ? (lazyRouteComponent(load, name) as FunctionComponent) : NotFoundState;
}

export const hasPage = (screen: string): boolean => `../features/${screen}/${screen}-page.tsx` in files;
