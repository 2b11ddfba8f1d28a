import type { Doc, Value } from '../bson/value';
import { StoreError } from '../error';
import { nothingExamined, searchDocuments, type Examined, type Query } from '../query/find';
import { naturalOrder } from '../query/sort';
import { aggregateOptions, openPipeline } from './aggregate';
import { Command, type CommandContext } from './command';
import { coveredCount } from './covered-count';
import { environmentOf } from './environment';
import { findAndModifyOptions, parseFindAndModify } from './find-and-modify';
import { queryOf } from './query';
import { countOptions, distinctOptions, findOptions } from './read';
import { int, part, reply } from './reply';
import { batchOptions, parseDelete, parseUpdate } from './write';

const verbosities = ['queryPlanner', 'executionStats', 'allPlansExecution'];

/** How a command would be carried out, and what it looks at. Nothing is changed. */
export async function explain(command: Command, context: CommandContext): Promise<Doc> {
  command.allow('verbosity');
  const inner = command.doc('explain');
  if (!inner) throw new StoreError(14, 'explain command requires a nested object');
  const verbosity = command.body.get('verbosity') ?? 'allPlansExecution';
  if (!verbosities.includes(String(verbosity)))
    throw new StoreError(
      2,
      `Enumeration value '${String(verbosity)}' for field 'explain.verbosity' is not a valid value.`,
    );
  const explained = new Command(new Map([...inner, ['$db', command.database]]));
  const run = Object.hasOwn(runs, explained.name) ? runs[explained.name] : undefined;
  if (!run) throw new StoreError(59, `Explain failed due to unknown command: ${explained.name}`);
  explained.allow(...(optionsOf[explained.name] as string[]));
  const startedAt = performance.now();
  const { query, examined, returned, top } = await run(explained, context);
  return reply({
    explainVersion: '1',
    queryPlanner: part({
      namespace: explained.namespace,
      parsedQuery: query.filter,
      winningPlan: planTree(query, examined, top),
      rejectedPlans: [],
    }),
    ...(verbosity !== 'queryPlanner' && {
      executionStats: part({
        executionSuccess: true,
        nReturned: int(returned),
        executionTimeMillis: int(Math.round(performance.now() - startedAt)),
        totalKeysExamined: int(examined.keys),
        totalDocsExamined: int(examined.docs),
        executionStages: part({
          ...Object.fromEntries(planTree(query, examined, top)),
          nReturned: int(returned),
        }),
      }),
    }),
    command: inner,
    serverInfo: part({ host: 'parley', version: '7.0.0' }),
  });
}

/** `aggregate` with `explain: true`, as an explain of it. */
export function explainedPipeline({ body, database }: Command): Command {
  const inner = [...body].filter(([key]) => !['explain', '$db', 'lsid', '$readPreference'].includes(key));
  return new Command(
    new Map<string, Value>([
      ['explain', new Map(inner)],
      ['verbosity', 'queryPlanner'],
      ['$db', database],
    ]),
  );
}

interface Outcome {
  query: Query;
  examined: Examined;
  returned: number;
  /** The stage above the search, such as UPDATE. */
  top?: string;
}
const optionsOf: Record<string, string[]> = {
  find: findOptions,
  count: countOptions,
  distinct: distinctOptions,
  aggregate: aggregateOptions,
  update: batchOptions,
  delete: batchOptions,
  findAndModify: findAndModifyOptions,
};
type Run = (command: Command, context: CommandContext) => Promise<Outcome>;

const runs: Record<string, Run> = {
  find: (command, context) => searching(command, context, queryOf(command.body, context.now())),
  async count(command, context) {
    const query = queryOf(command.body, context.now(), 'query');
    const collection = context.engine.get(command.namespace);
    const examined = nothingExamined();
    const covered = collection && coveredCount(collection, query, examined);
    if (!covered) return searching(command, context, query, 'COUNT');
    return { query, examined, returned: await context.turns.sum(covered), top: 'COUNT_SCAN' };
  },
  distinct: (command, context) => searching(command, context, queryOf(command.body, context.now(), 'query')),
  async aggregate(command, context) {
    const examined = nothingExamined();
    const { flow, query } = openPipeline(command, context, examined);
    return { query, examined, returned: await context.turns.each(flow) };
  },
  update: (command, context) => {
    const [statement] = command.docs('updates');
    const { query } = parseUpdate(
      statement ?? new Map(),
      context.now(),
      environmentOf(command.body, context.now()),
    );
    return searching(command, context, query, 'UPDATE');
  },
  delete: (command, context) => {
    const [statement] = command.docs('deletes');
    const query = parseDelete(
      statement ?? new Map(),
      context.now(),
      environmentOf(command.body, context.now()),
    );
    return searching(command, context, query, 'DELETE');
  },
  findAndModify: (command, context) =>
    searching(
      command,
      context,
      parseFindAndModify(command, context.now()).query,
      command.flag('remove') ? 'DELETE' : 'UPDATE',
    ),
};

async function searching(
  command: Command,
  { engine, turns }: CommandContext,
  query: Query,
  top?: string,
): Promise<Outcome> {
  const examined = nothingExamined();
  const collection = engine.get(command.namespace);
  const returned = await turns.each(collection ? searchDocuments(collection, query, examined) : []);
  return { query, examined, returned, top };
}

function planTree({ sort, skip, limit }: Query, { plan, keys, docs }: Examined, top?: string): Doc {
  const scan = plan
    ? part({
        stage: 'IXSCAN',
        keyPattern: plan.index.spec.get('key') as Value,
        indexName: plan.index.name,
        isMultiKey: plan.index.isMultikey,
        isUnique: plan.index.isUnique,
        isSparse: plan.index.isSparse,
        isPartial: plan.index.partial !== null,
        direction: plan.reverse ? 'backward' : 'forward',
        keysExamined: int(keys),
      })
    : part({
        stage: 'COLLSCAN',
        direction: naturalOrder(sort) === -1 ? 'backward' : 'forward',
        docsExamined: int(docs),
      });
  if (top === 'COUNT_SCAN')
    return part({ stage: 'COUNT', inputStage: new Map([...scan, ['stage', 'COUNT_SCAN']]) });
  let tree = plan ? part({ stage: 'FETCH', docsExamined: int(docs), inputStage: scan }) : scan;
  if (sort.length > 0 && !plan?.sorted && naturalOrder(sort) === null)
    tree = part({
      stage: 'SORT',
      sortPattern: new Map(sort.map(({ path, direction }) => [path, int(direction)])),
      inputStage: tree,
    });
  if (skip > 0) tree = part({ stage: 'SKIP', skipAmount: BigInt(skip), inputStage: tree });
  if (limit > 0) tree = part({ stage: 'LIMIT', limitAmount: int(limit), inputStage: tree });
  return top ? part({ stage: top, inputStage: tree }) : tree;
}
