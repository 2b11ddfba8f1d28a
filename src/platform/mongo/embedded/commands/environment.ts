import { isDoc, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import { compileExpression } from '../expression/compile';
import { parseCollation } from '../query/collation';
import { plainEnvironment, type Environment } from '../query/environment';
import { memoryOf } from '../query/memory';

/** `let` and `collation` of a command or a statement. */
export function environmentOf(body: Doc, now: Date, outer: Environment = plainEnvironment): Environment {
  const collation = parseCollation(body.get('collation'));
  const environment = {
    ...outer,
    collation,
    collate: collation?.collate ?? null,
    fold: collation?.fold ?? null,
    now,
    memory: memoryOf(body.get('allowDiskUse'), outer.memory),
  };
  const names = body.get('let');
  if (names === undefined || names === null) return environment;
  if (!isDoc(names)) throw new StoreError(14, "BSON field 'let' is the wrong type, expected type 'object'");
  const none = { root: new Map<string, Value>(), names: outer.variables, environment };
  const variables = [...names].map(([name, value]) => [name, compileExpression(value)(none)] as const);
  return { ...environment, variables: new Map([...outer.variables, ...variables]) };
}
