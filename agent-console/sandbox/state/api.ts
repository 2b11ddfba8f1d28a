import type { Controls, RecordedRequest, SandboxState, TourProgress } from './types';

const base = '/sandbox/api';

async function call<T>(path: string, body?: unknown): Promise<T> {
  const init: RequestInit | undefined =
    body === undefined
      ? undefined
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(`${base}${path}`, init);
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

export interface Act {
  kind: string;
  [detail: string]: unknown;
}

/** Everything that the page asks of the sandbox. */
export const api = {
  state: () => call<SandboxState>('/state'),
  requests: (after: number) => call<{ items: RecordedRequest[] }>(`/requests?after=${after}`),
  tour: () => call<TourProgress>('/tour'),
  restartTour: () => call<void>('/tour/restart', {}),
  send: (customerId: string, act: Act) => call<unknown>(`/customers/${customerId}/send`, act),
  press: (customerId: string, data: string) => call<unknown>(`/customers/${customerId}/press`, { data }),
  control: (accountId: string, changes: Partial<Controls> & { advanceHours?: number }) =>
    call<Controls>(`/controls/${accountId}`, changes),
  rush: () => call<{ customers: number }>('/scenarios/rush', { customers: 30, seconds: 20 }),
  reset: () => call<void>('/reset', {}),
  mediaUrl: (id: string) => `${base}/media/${id}`,
  streamUrl: `${base}/stream`,
};
