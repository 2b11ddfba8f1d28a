import { api } from './api';
import { addRequests, changeControls, changeCustomer, showMessage, showTyping, useSandbox } from './store';
import type { Controls, CustomerSummary, PhoneMessage, RecordedRequest } from './types';

const TYPING_MS = 5_000;
const TOUR_MS = 2_000;

/** Follows the sandbox until the returned function is called. */
export function followSandbox(): () => void {
  const stream = new EventSource(api.streamUrl);
  const on = <T>(event: string, take: (data: T) => void) =>
    stream.addEventListener(event, (message: MessageEvent<string>) => take(JSON.parse(message.data) as T));
  // Each (re)connection starts from the whole state: what was missed in between is in it.
  stream.onopen = () => void refresh();
  stream.onerror = () => useSandbox.setState({ phase: 'away' });
  on<RecordedRequest>('request', (request) => addRequests([request]));
  on<{ customer: CustomerSummary; message: PhoneMessage }>('message', ({ customer, message }) =>
    showMessage(customer, message),
  );
  on<CustomerSummary>('customer', changeCustomer);
  on<{ customerId: string }>('typing', ({ customerId }) => showTyping(customerId, Date.now() + TYPING_MS));
  on<{ accountId: string; controls: Controls }>('controls', ({ accountId, controls }) =>
    changeControls(accountId, controls),
  );
  on('reset', () => {
    useSandbox.setState({ requests: [], selected: {} });
    void refresh();
  });

  const tour = setInterval(() => void refreshTour(), TOUR_MS);
  return () => {
    stream.close();
    clearInterval(tour);
  };
}

/** Something asked of the sandbox by a click; when it fails, the page finds out how things stand. */
export function attempt(work: Promise<unknown>): void {
  work.catch(() => refresh());
}

async function refresh(): Promise<void> {
  try {
    const [state, requests] = await Promise.all([api.state(), api.requests(0)]);
    useSandbox.setState({ ...state, requests: requests.items, phase: 'live' });
    await refreshTour(true);
  } catch {
    useSandbox.setState({ phase: 'away' });
  }
}

/** The tour is asked for only while somebody looks and a step is missing. */
async function refreshTour(always = false): Promise<void> {
  const isDone = Object.values(useSandbox.getState().tour).every(Boolean);
  if (!always && (document.hidden || isDone)) return;
  const tour = await api.tour().catch(() => null);
  if (tour) useSandbox.setState({ tour });
}
