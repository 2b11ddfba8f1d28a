import type { Connection } from 'mongoose';
import { defineClocks } from '../../../desk/sla/model';
import { sweepDue } from '../../../desk/sla/sweeper';
import { systemClock } from '../../../platform/clock';

/** The sweeper of the server on a connection of ours: it has no route by which it could be called. */
export function openSweeper(connection: Connection) {
  const clocks = defineClocks(connection);
  return { sweep: () => sweepDue(clocks, systemClock.now(), () => Promise.resolve()) };
}
export type Sweeper = ReturnType<typeof openSweeper>;
