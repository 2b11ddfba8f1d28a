import type { Connection } from 'mongoose';
import { Alarms } from '../../../desk/sla/alarms';
import { defineClocks } from '../../../desk/sla/model';
import { defineTickets } from '../../../desk/tickets/model';
import { Tickets } from '../../../desk/tickets/tickets';
import { systemClock } from '../../../platform/clock';

/** The sweeper of the server on a connection of ours: it has no route by which it could be called. */
export function openSweeper(connection: Connection) {
  const tickets = new Tickets(defineTickets(connection), systemClock, () => undefined);
  const alarms = new Alarms(defineClocks(connection), tickets);
  return { sweep: () => alarms.sweep(systemClock.now()) };
}
export type Sweeper = ReturnType<typeof openSweeper>;
