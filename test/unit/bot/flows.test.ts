import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { flowJsonSchema, loadFlows, readFlow } from '../../../src/bot/flows/load-flows';

const folder = join(__dirname, '../../../flows');

test('the flows that we ship have no problem', () => {
  const { flows, problems } = loadFlows(folder);
  expect(problems).toEqual([]);
  expect(flows.map(({ id }) => id)).toEqual(['complaint-intake', 'order-status', 'return-request']);
});

test('the schema for editors is the one that files are checked by', () => {
  const kept = JSON.parse(readFileSync(join(folder, 'flow.schema.json'), 'utf8')) as unknown;
  expect(kept).toEqual(JSON.parse(JSON.stringify(flowJsonSchema())));
});

test('no folder is no flow', () => {
  expect(loadFlows(join(folder, 'nowhere'))).toEqual({ flows: [], problems: [] });
});

const flow = (steps: string, more = '') =>
  `id: f\ntitle: { en: F }\ntriggers: ['^go$']\nstart: a\n${more}steps:\n${steps}`;
const end = '  z: { kind: end }\n';

test.each([
  ['a file that is no YAML', 'id: [', /./],
  ['an unknown kind of step', flow('  a: { kind: dance }\n'), /steps\.a\.kind/],
  ['an unknown field', flow('  a: { kind: end, colour: red }\n'), /colour/],
  ['a start that is no step', flow(end), /start: there is no step a/],
  [
    'a step that leads nowhere',
    flow('  a: { kind: say, text: { en: x }, next: b }\n'),
    /steps\.a: leads to b, which is no step/,
  ],
  ['a step that nobody reaches', flow(`  a: { kind: end }\n${end}`), /steps\.z: no step leads here/],
  [
    'a pattern that could take for ever',
    flow('  a: { kind: end }\n').replace('^go$', '(a+)+b'),
    /triggers: .* take for ever/,
  ],
  [
    'a choice without a way on',
    flow(
      '  a: { kind: choice, text: { en: x }, slot: s, options: [{ id: p, label: { en: P } }, { id: q, label: { en: Q } }] }\n',
    ),
    /an option leads nowhere/,
  ],
])('%s is told of', (_what, text, message) => {
  const read = readFlow(text);
  expect(read.flow).toBeNull();
  expect(read.messages.join('\n')).toMatch(message);
});

test('every problem of a file is told at once', () => {
  const { messages } = readFlow(flow('  a: { kind: say, text: { en: x }, next: b }\n  c: { kind: end }\n'));
  expect(messages).toHaveLength(2);
});
