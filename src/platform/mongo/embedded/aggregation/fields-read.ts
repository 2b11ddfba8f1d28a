import { canExcerpt } from '../bson/excerpt';
import { isDoc, type Doc, type Value } from '../bson/value';
import { stageOf } from './pipeline';

/** Beyond so many the whole document is read. */
const mostFields = 8;

/** The top fields of its documents that a pipeline reads, or null: all, or it cannot be told. */
export function fieldsRead(filter: Doc, stages: Doc[]): string[] | null {
  const fields = new Fields();
  fields.ofFilter(filter);
  for (const stage of stages) {
    if (fields.areAll) return null;
    const [name, operand] = stageOf(stage);
    const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (!read) return null;
    if (read(fields, operand) === 'ends') return fields.list();
  }
  return null;
}

/** Puts down what a stage reads. One that `ends` gives nothing of its documents but what it has read. */
type Reader = (fields: Fields, operand: Value) => 'ends' | void;

const readers: Record<string, Reader> = {
  $match: (fields, operand) => (isDoc(operand) ? fields.ofFilter(operand) : fields.all()),
  $skip: () => undefined,
  $limit: () => undefined,
  $unwind: (fields, operand) => fields.ofExpression(isDoc(operand) ? (operand.get('path') ?? null) : operand),
  $count: () => 'ends',
  $group: (fields, operand) => (fields.ofExpression(operand), 'ends'),
  $sortByCount: (fields, operand) => (fields.ofExpression(operand), 'ends'),
  $bucket: (fields, operand) => (fields.ofExpression(operand), 'ends'),
  $bucketAuto: (fields, operand) => (fields.ofExpression(operand), 'ends'),
};

/** Operators that read the document by other means than paths. */
const readsOtherwise = new Set([
  '$getField', '$setField', '$unsetField', '$top', '$topN', '$bottom', '$bottomN', '$meta',
]); // prettier-ignore

class Fields {
  areAll = false;
  private readonly names = new Set<string>();

  all(): void {
    this.areAll = true;
  }

  list(): string[] | null {
    const names = [...this.names];
    return this.areAll || names.length > mostFields || !canExcerpt(names) ? null : names;
  }

  ofFilter(filter: Doc): void {
    for (const [key, value] of filter) {
      if (!key.startsWith('$')) this.names.add(key.split('.')[0] as string);
      else if (['$and', '$or', '$nor'].includes(key) && Array.isArray(value))
        for (const part of value) {
          if (isDoc(part)) this.ofFilter(part);
          else this.all();
        }
      else if (key === '$expr') this.ofExpression(value);
      else if (key !== '$comment') this.all();
    }
  }

  ofExpression(value: Value): void {
    if (typeof value === 'string') this.ofText(value);
    else if (Array.isArray(value)) for (const item of value) this.ofExpression(item);
    else if (isDoc(value))
      for (const [key, item] of value) {
        if (readsOtherwise.has(key)) this.all();
        if (key !== '$literal') this.ofExpression(item);
      }
  }

  private ofText(text: string): void {
    if (/^\$\$(ROOT|CURRENT)\b/.test(text)) this.all();
    else if (text.startsWith('$') && !text.startsWith('$$'))
      this.names.add(text.slice(1).split('.')[0] as string);
  }
}
