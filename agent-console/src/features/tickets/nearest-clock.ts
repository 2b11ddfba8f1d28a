import type { TicketView } from '../../../../src/contract/tickets';

type Clock = TicketView['clocks'][number];

const stillCounts = ({ state }: Clock): boolean =>
  state === 'running' || state === 'breached' || state === 'paused';

/** The promise that is due first: a paused one only when no other runs. */
export function nearestClock(clocks: Clock[]): Clock | null {
  const alive = clocks.filter(stillCounts);
  const moving = alive.filter(({ state }) => state !== 'paused');
  const [nearest = null] = (moving.length > 0 ? moving : alive).sort((one, other) =>
    one.dueAt.localeCompare(other.dueAt),
  );
  return nearest;
}
