import { isDoc, type Value } from '../bson/value';
import { StoreError } from '../error';
import type { Evaluate, Scope } from './scope';

/** `$a.b` or `$$name.b`. */
export function pathOf(text: string): Evaluate {
  const isVariable = text.startsWith('$$');
  const keys = text.slice(isVariable ? 2 : 1).split('.');
  if (keys.some((key) => key === ''))
    throw new StoreError(keys.length === 1 ? 16872 : 15998, `FieldPath '${text}' has an empty field name`);
  const [name = ''] = keys;
  if (!isVariable && keys.length === 1)
    return ({ root }) => (isDoc(root) ? root.get(name) : follow(root, keys, 0));
  if (!isVariable) return ({ root }) => follow(root, keys, 0);
  return (scope) => follow(variable(scope, name), keys, 1);
}

/** What `$redact` decides, as MongoDB's system variables say it. */
export const redactions = { DESCEND: 'descend', PRUNE: 'prune', KEEP: 'keep' } as const;

function variable({ names, root, environment }: Scope, name: string): Value | undefined {
  if (names.has(name)) return names.get(name);
  if (name === 'ROOT' || name === 'CURRENT') return root;
  if (name === 'NOW') return environment.now;
  if (name === 'REMOVE') return undefined;
  if (Object.hasOwn(redactions, name)) return redactions[name as keyof typeof redactions];
  throw new StoreError(17276, `Use of undefined variable: ${name}`);
}

/** Through an array it collects what its documents have, not what arrays in it have; a number is a name, not a place. */
export function follow(value: Value | undefined, keys: string[], at: number): Value | undefined {
  const key = keys[at];
  if (key === undefined) return value;
  if (isDoc(value)) return follow(value.get(key), keys, at + 1);
  if (!Array.isArray(value)) return undefined;
  return value
    .filter(isDoc)
    .map((item) => follow(item, keys, at))
    .filter((item) => item !== undefined);
}
