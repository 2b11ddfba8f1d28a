import type { Connection } from 'mongoose';
import type { Clock } from '../clock';
import type { Signals } from '../coordination';
import { handlers } from '../http/api';
import { EventLog } from './event-log';
import { Relay } from './relay';

/** The log of lasting events, the relay that fills it, and reading it over HTTP. */
export function createEvents(
  connection: Connection,
  parts: { signals: Signals; clock: Clock },
  carriers: unknown[],
) {
  const log = new EventLog(connection);
  const relay = new Relay(log, parts.signals, parts.clock);
  for (const carrier of carriers) relay.carry(carrier);
  return {
    log,
    relay,
    handlers: handlers({
      async listEvents({ session, query }) {
        const { cursor, limit } = query();
        const rows = await log.readFor(session.viewer, cursor, limit);
        let prev = await log.headFor(session.viewer, cursor);
        const items = rows.map((row) => {
          const event = { seq: row._id, prev, type: row.type, at: row.at.toISOString(), data: row.data };
          prev = row._id;
          return event;
        });
        return { items, nextCursor: rows.length < limit ? null : prev };
      },
    }),
  };
}
