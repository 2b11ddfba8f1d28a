import type { Doc, Value } from '../bson/value';
import { StoreError } from '../error';
import type { Query } from '../query/find';
import { compileProjection, type Project } from '../query/projection';
import { Slices, type Pulse } from '../storage/slices';
import { compileUpdate, type ApplyUpdate } from '../update/apply-update';
import type { Command, CommandContext } from './command';
import { queryOf } from './query';
import { int, reply } from './reply';
import { targetsOf } from './targets';
import { change, upsertOne } from './write';

export const findAndModifyOptions = [
  'query', 'sort', 'remove', 'update', 'new', 'fields', 'upsert', 'hint', 'bypassDocumentValidation', 'arrayFilters',
  'collation', 'let',
]; // prettier-ignore

export async function findAndModify(command: Command, context: CommandContext): Promise<Doc> {
  command.allow(...findAndModifyOptions);
  const { query, apply, project } = parseFindAndModify(command, context.now());
  const slices = new Slices(context.engine);
  const { value, lastError } = await slices.run(modifyOne(command, context, { query, apply, slices }));
  return reply({ lastErrorObject: lastError, value: value && project ? project(value) : value });
}

export function parseFindAndModify(
  command: Command,
  now: Date,
): { query: Query; apply: ApplyUpdate | null; project: Project | null } {
  const update = command.body.get('update');
  const isRemoval = command.flag('remove');
  if (isRemoval === (update !== undefined))
    throw new StoreError(
      9,
      isRemoval
        ? "Cannot specify both an 'update' and 'remove'=true"
        : "Either an update or 'remove'=true must be specified",
    );
  if (isRemoval && (command.flag('upsert') || command.flag('new')))
    throw new StoreError(9, "Cannot specify 'upsert' or 'new' with 'remove'=true");
  const query = { ...queryOf(command.body, now, 'query'), skip: 0, limit: 1 };
  const { filter, environment } = query;
  const apply = isRemoval
    ? null
    : compileUpdate(update as Value, { filter, arrayFilters: command.body.get('arrayFilters'), environment });
  return { query, apply, project: compileProjection(command.doc('fields'), { filter, environment }) };
}

function* modifyOne(
  command: Command,
  context: CommandContext,
  { query, apply, slices }: { query: Query; apply: ApplyUpdate | null; slices: Slices },
): Generator<Pulse, { value: Doc | null; lastError: Doc }> {
  const { engine } = context;
  const outcome = (n: number, fields: [string, Value][] = []): Doc =>
    new Map<string, Value>([['n', int(n)], ...fields]);
  for (const target of targetsOf({ engine, namespace: command.namespace, query, slices })) {
    if (!target) {
      yield null;
      continue;
    }
    const { collection, stored } = target;
    if (!apply) {
      collection.remove(stored);
      return { value: stored.doc, lastError: outcome(1) };
    }
    change(target, apply, context.now());
    const after = command.flag('new') ? (collection.get(stored.recordId)?.doc ?? null) : stored.doc;
    return { value: after, lastError: outcome(1, [['updatedExisting', true]]) };
  }
  if (!apply) return { value: null, lastError: outcome(0) };
  if (!command.flag('upsert')) return { value: null, lastError: outcome(0, [['updatedExisting', false]]) };
  const { doc } = upsertOne(context, command.namespace, query.filter, apply);
  return {
    value: command.flag('new') ? doc : null,
    lastError: outcome(1, [
      ['updatedExisting', false],
      ['upserted', doc.get('_id') as Value],
    ]),
  };
}
