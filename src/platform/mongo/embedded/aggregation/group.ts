import { isDoc } from '../bson/value';
import { StoreError } from '../error';
import { compileExpression } from '../expression/compile';
import { orderOf } from '../query/sort';
import { int } from '../commands/reply';
import { sorting } from './basic';
import { $bucket, $bucketAuto } from './bucket';
import type { CompileStage } from './flow';
import { accumulatorsOf, grouping } from './grouping';

export const groupStages: Record<string, CompileStage> = {
  $group: (operand, { environment }) => {
    if (!isDoc(operand)) throw new StoreError(15947, "a group's fields must be specified in an object");
    const id = operand.get('_id');
    if (id === undefined) throw new StoreError(15955, 'a group specification must include an _id');
    const fields = accumulatorsOf([...operand].filter(([key]) => key !== '_id'));
    return grouping(compileExpression(id), fields, environment);
  },
  $sortByCount: (operand, { environment }) => {
    if (!(isDoc(operand) || (typeof operand === 'string' && operand.startsWith('$'))))
      throw new StoreError(
        40149,
        'the sortByCount field must be defined as a $-prefixed path or an expression inside an object',
      );
    const fields = accumulatorsOf([['count', new Map([['$sum', int(1)]])]]);
    const group = grouping(compileExpression(operand), fields, environment);
    const mostFirst = orderOf([{ path: 'count', direction: -1 }], null);
    const sort = sorting(mostFirst, { memory: environment.memory });
    return (flow) => sort(group(flow));
  },
  $bucket,
  $bucketAuto,
};
