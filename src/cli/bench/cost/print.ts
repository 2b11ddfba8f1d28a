import { figure, printTable, ratio } from '../parts/table';
import type { Cost, Use } from './measure';

type Cases = Record<string, Cost>;

const sumOf = (commands: Map<string, number>): number =>
  [...commands.values()].reduce((sum, one) => sum + one, 0);
const totalCpu = ({ cpuMs: { main, store, other } }: Use): number => main + store + other;
const usPerMessage = (ms: number, { messages }: Cost): string => figure((ms * 1_000) / messages, 0);

/** Round trips that the messages caused: without those that an idle server makes in the same time. */
const tripsPerMessage = (cost: Cost, idle: Use): number =>
  (sumOf(cost.commands) - (sumOf(idle.commands) * cost.tookMs) / idle.tookMs) / cost.messages;

export function printCosts({ idle, counted, timed }: { idle: Use; counted: Cases; timed: Cases }): void {
  printTable(
    `Cost of one message (an idle server: ${figure((sumOf(idle.commands) * 1_000) / idle.tookMs, 1)} round trips and ${figure((totalCpu(idle) * 1_000) / idle.tookMs, 1)} ms CPU a second, taken off the round trips)`,
    ['message', 'CPU µs', 'main thread', 'store thread', 'others', 'round trips', 'kB to the store', 'kB from it', 'kB on disk'], // prettier-ignore
    Object.entries(timed).map(([name, cost]) => {
      const trips = counted[name] ?? cost;
      return [
        `${name} (${cost.messages})`,
        usPerMessage(totalCpu(cost), cost),
        usPerMessage(cost.cpuMs.main, cost),
        usPerMessage(cost.cpuMs.store, cost),
        usPerMessage(cost.cpuMs.other, cost),
        figure(tripsPerMessage(trips, idle), 1),
        figure(trips.bytesOut / trips.messages / 1_024, 1),
        figure(trips.bytesIn / trips.messages / 1_024, 1),
        figure(cost.storedBytes / cost.messages / 1_024, 1),
      ];
    }),
  );
}

/** Which command on which collection, for each message. */
export function printCommands({ idle, counted }: { idle: Use; counted: Cases }): void {
  const cases = Object.entries(counted);
  const names = [...new Set(cases.flatMap(([, { commands }]) => [...commands.keys()]))];
  const of = (name: string, cost: Cost) => (cost.commands.get(name) ?? 0) / cost.messages;
  const weight = (name: string) => cases.reduce((sum, [, cost]) => sum + of(name, cost), 0);
  printTable(
    'Round trips to the store for each message, by command and collection (with the polls of an idle server)',
    ['command', ...cases.map(([name]) => name), 'idle, a second'],
    names
      .sort((a, b) => weight(b) - weight(a))
      .map((name) => [
        name,
        ...cases.map(([, cost]) => figure(of(name, cost), 2)),
        figure(((idle.commands.get(name) ?? 0) * 1_000) / idle.tookMs, 1),
      ]),
  );
}

export function printGrowth(found: { conversations: number; first: Cost; later: Cost }[]): void {
  const [smallest] = found;
  const cells = (cost: Cost, base: Cost | undefined) => [
    usPerMessage(totalCpu(cost), cost),
    ratio(totalCpu(cost) / cost.messages / ((base ? totalCpu(base) : NaN) / (base?.messages ?? NaN))),
    figure(sumOf(cost.commands) / cost.messages, 1),
  ];
  printTable(
    'How it grows with the store (all at once, with polls; CPU of a server that counts)',
    [
      'conversations stored',
      'first: CPU µs',
      'of empty',
      'round trips',
      'later: CPU µs',
      'of empty',
      'round trips',
    ],
    found.map(({ conversations, first, later }) => [
      conversations.toLocaleString('en'),
      ...cells(first, smallest?.first),
      ...cells(later, smallest?.later),
    ]),
  );
}
