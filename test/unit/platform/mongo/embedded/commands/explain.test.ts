import { storeForEachTest } from '../../../../../support/command-runner';

const { run } = storeForEachTest();

beforeEach(async () => {
  const documents = Array.from({ length: 20 }, (_unused, at) => ({ _id: at, n: at % 4 }));
  await run({ insert: 'rows', documents });
  await run({ createIndexes: 'rows', indexes: [{ key: { n: 1 }, name: 'n' }] });
});
const explain = (inner: object, verbosity?: string) =>
  run({ explain: inner, ...(verbosity && { verbosity }) });
interface Plan {
  stage: string;
  inputStage?: Plan;
}
const stagesOf = ({ stage, inputStage }: Plan): string[] => [
  stage,
  ...(inputStage ? stagesOf(inputStage) : []),
];

test.each<[object, string[], number]>([
  [{ find: 'rows', filter: { n: 1 } }, ['FETCH', 'IXSCAN'], 5],
  [{ find: 'rows', filter: { x: 1 } }, ['COLLSCAN'], 0],
  [{ find: 'rows', sort: { x: 1 }, skip: 1, limit: 2 }, ['LIMIT', 'SKIP', 'SORT', 'COLLSCAN'], 2],
  [{ find: 'rows', sort: { n: 1 }, hint: 'n' }, ['FETCH', 'IXSCAN'], 20],
  [{ count: 'rows', query: { n: 1 } }, ['COUNT', 'COUNT_SCAN'], 5],
  [{ count: 'rows', query: { x: 1 } }, ['COUNT', 'COLLSCAN'], 0],
  [{ distinct: 'rows', key: 'n', query: { n: { $gt: 2 } } }, ['FETCH', 'IXSCAN'], 5],
  [{ aggregate: 'rows', pipeline: [{ $match: { n: 1 } }], cursor: {} }, ['FETCH', 'IXSCAN'], 5],
  [{ update: 'rows', updates: [{ q: { n: 1 }, u: { $set: { x: 1 } }, multi: true }] }, ['UPDATE', 'FETCH', 'IXSCAN'], 5],
  [{ delete: 'rows', deletes: [{ q: { n: 1 }, limit: 0 }] }, ['DELETE', 'FETCH', 'IXSCAN'], 5],
  [{ findAndModify: 'rows', query: { x: 1 }, remove: true }, ['DELETE', 'COLLSCAN'], 0],
])('%j is carried out by %j and finds %i', async (inner, stages, found) => {
  const { queryPlanner, executionStats } = await explain(inner);
  expect(stagesOf(queryPlanner.winningPlan).filter((stage) => stage !== 'LIMIT' || stages.includes(stage))).toEqual(stages);
  expect(executionStats.nReturned).toBe(found);
}); // prettier-ignore

test('a pipeline that asks to be explained gives its plan and no documents', async () => {
  const pipeline = [{ $match: { n: 1 } }, { $group: { _id: '$n' } }];
  for (const more of [{}, { cursor: {} }]) {
    const explained = await run({ aggregate: 'rows', pipeline, explain: true, ...more });
    expect(stagesOf(explained['queryPlanner'].winningPlan)).toEqual(['FETCH', 'IXSCAN']);
    expect(explained).not.toHaveProperty('cursor');
  }
});

test('nothing is changed by what is explained', async () => {
  await explain({ update: 'rows', updates: [{ q: {}, u: { $set: { x: 1 } }, multi: true }] });
  await explain({ delete: 'rows', deletes: [{ q: {}, limit: 0 }] });
  await explain({ findAndModify: 'rows', query: {}, remove: true });
  expect((await run({ count: 'rows', query: { x: null } }))['n']).toBe(20);
});

test('what was looked at is told but where only the plan is asked for', async () => {
  const { executionStats } = await explain({ find: 'rows', filter: { n: 1 } }, 'executionStats');
  expect(executionStats).toMatchObject({ totalKeysExamined: 5, totalDocsExamined: 5 });
  expect(await explain({ find: 'rows' }, 'queryPlanner')).not.toHaveProperty('executionStats');
});

test.each([
  [{ explain: 1 }, 14],
  [{ explain: { find: 'rows' }, verbosity: 'all' }, 2],
  [{ explain: { insert: 'rows', documents: [] } }, 59],
  [{ explain: { find: 'rows', nope: 1 } }, 40415],
  [{ explain: { find: 'rows', tailable: true } }, 238],
])('%j is refused', async (body, code) => {
  await expect(run(body)).rejects.toMatchObject({ code });
});
