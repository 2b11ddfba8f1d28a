import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { create } from 'zustand';
import type { AgentView } from '../../../src/contract/agents';
import { atLeast, type Role } from '../../../src/domain/role';
import { call, onSessionEnded } from './api';
import { queryClient } from './query-client';

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => call('GET /session', { signal }),
  staleTime: Infinity,
});

/** Whether the session ended under someone who was at work: they sign in again above their page. */
export const useSessionEnded = create<{ ended: boolean }>(() => ({ ended: false }));

onSessionEnded(() => {
  if (queryClient.getQueryData(sessionQuery.queryKey)) useSessionEnded.setState({ ended: true });
});

/** Who is signed in. Only below the shell, where somebody is. */
export const useMe = (): AgentView => useSuspenseQuery(sessionQuery).data.agent;
export const useMay = (role: Role): boolean => atLeast(useMe().role, role);

export const me = (): AgentView | null => queryClient.getQueryData(sessionQuery.queryKey)?.agent ?? null;

/** @throws ApiError */
export async function signIn(email: string, password: string): Promise<AgentView> {
  const { agent } = await call('POST /session', { body: { email, password } });
  queryClient.setQueryData(sessionQuery.queryKey, { agent });
  useSessionEnded.setState({ ended: false });
  return agent;
}

/** The page is loaded anew: nothing of one person stays in memory for the next. */
export async function signOut(): Promise<void> {
  await call('DELETE /session').catch(() => undefined);
  location.assign('/login');
}
