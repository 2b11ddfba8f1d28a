import type { CommandStartedEvent, Document } from 'mongodb';
import type { Connection } from 'mongoose';

export interface Examined {
  docs: number;
  keys: number;
}

const readers = new Set(['find', 'aggregate', 'count', 'distinct']);

/** What the store looks at for all that `work` asks of it: each command that it sends is explained afterwards. */
export async function examinedBy(connection: Connection, work: () => Promise<unknown>): Promise<Examined> {
  const asked: Document[] = [];
  const note = ({ commandName, command }: CommandStartedEvent) => {
    if (readers.has(commandName)) asked.push(withoutSession(command));
  };
  const client = connection.getClient();
  client.on('commandStarted', note);
  await work().finally(() => client.off('commandStarted', note));
  const found: Examined = { docs: 0, keys: 0 };
  for (const command of asked) {
    const explained = await connection.db?.command({ explain: command, verbosity: 'executionStats' });
    const stats = explained?.['executionStats'] as { totalDocsExamined: number; totalKeysExamined: number };
    found.docs += stats.totalDocsExamined;
    found.keys += stats.totalKeysExamined;
  }
  return found;
}

/** As it was asked, without what belongs to the connection. */
const withoutSession = (command: Document): Document =>
  Object.fromEntries(Object.entries(command).filter(([name]) => !/^(\$|lsid$|txn|apiVersion)/.test(name)));
