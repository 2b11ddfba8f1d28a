import type { ReactNode } from 'react';
import { ApiError } from '../lib/api';
import { ErrorState, Skeleton } from './states';

interface Query<T> {
  data: T | undefined;
  error: Error | null;
  refetch: () => unknown;
}
interface Props<T> {
  query: Query<T>;
  lines?: number;
  children: (data: T) => ReactNode;
}

/** What a query found; what is here already stays readable when reading it anew fails, unless it is out of sight now. */
export function Loaded<T>({ query, lines, children }: Props<T>) {
  const { data, error, refetch } = query;
  const isHidden = error instanceof ApiError && error.status === 404;
  if (data !== undefined && !isHidden) return <>{children(data)}</>;
  return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <Skeleton lines={lines} />;
}
