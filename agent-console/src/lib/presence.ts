import type { AgentStatus } from '../../../src/domain/role';
import { call } from './api';
import { queryClient } from './query-client';
import { sessionQuery } from './session';

/** Whether new conversations may be offered to me. Signing in alone changes nothing. */
export async function changeMyStatus(status: AgentStatus): Promise<void> {
  const agent = await call('PUT /agents/me/status', { body: { status } });
  queryClient.setQueryData(sessionQuery.queryKey, { agent });
}
