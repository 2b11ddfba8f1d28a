import type { Connection } from 'mongoose';
import type { Clock } from '../platform/clock';
import type { Signals } from '../platform/coordination';
import { Inbox } from './inbox';
import { MessageStore } from './message-store';
import { defineMessages } from './model';
import { Outbox } from './outbox';
import { Threads } from './threads';

/** What arrived, what was said, what must be sent, and where. */
export function createMessaging(connection: Connection, parts: { clock: Clock; signals: Signals }) {
  return {
    inbox: new Inbox(connection, parts),
    outbox: new Outbox(connection, parts),
    messages: new MessageStore(defineMessages(connection)),
    threads: new Threads(connection),
  };
}
