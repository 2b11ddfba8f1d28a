import type { Connection } from 'mongoose';
import { defineAccounts } from './channels/host/accounts';
import { defineStates } from './channels/host/states';
import { defineCrm } from './crm/models';
import { defineAgents } from './desk/agents/model';
import { defineConversations } from './desk/conversations/model';
import { defineClocks } from './desk/sla/model';
import { defineSettings } from './desk/sla/policies';
import { defineTickets } from './desk/tickets/model';
import { defineArticles } from './knowledge/articles';
import { defineInbox } from './messages/inbox';
import { defineMessages } from './messages/model';
import { defineOutbox } from './messages/outbox';
import { defineThreads } from './messages/threads';
import { defineEventLog } from './platform/events/event-log';
import { defineFiles } from './platform/files/file-store';
import { definePresence } from './platform/realtime/presence';
import { defineLeases } from './platform/work/leases';
import { defineNodes } from './platform/work/nodes';

const definitions = [
  defineAccounts, defineStates, defineCrm, defineAgents, defineConversations, defineClocks, defineSettings,
  defineTickets, defineArticles, defineInbox, defineMessages, defineOutbox, defineThreads, defineEventLog,
  defineFiles, definePresence, defineLeases, defineNodes,
]; // prettier-ignore

/** Every model of the application, without the application: each declares its own indexes. */
export function defineModels(connection: Connection): void {
  for (const define of definitions) define(connection);
}
