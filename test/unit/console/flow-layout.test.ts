import { layOut, nodeHeight, nodeWidth } from '../../../agent-console/src/features/flows/layout';
import { layersOf, type Graph } from '../../../agent-console/src/features/flows/layers';

const graph = (start: string, links: [string, string][]): Graph => ({
  start,
  nodes: [...new Set([start, ...links.flat()])],
  links: links.map(([from, to]) => ({ from, to })),
});
const diamond = graph('a', [['a', 'b'], ['a', 'c'], ['b', 'd'], ['c', 'd'], ['a', 'd']]); // prettier-ignore
const loop = graph('ask', [['ask', 'check'], ['check', 'ask'], ['check', 'end']]); // prettier-ignore

test('a step stands below all that lead to it', () => {
  const { nodes } = layOut(diamond);
  const y = (id: string) => nodes.get(id)?.y ?? NaN;
  expect(y('a')).toBeLessThan(y('b'));
  expect(y('b')).toBe(y('c'));
  expect(y('d')).toBeGreaterThan(y('c'));
});

test.each([
  ['a diamond with a short cut', diamond],
  ['a loop', loop],
])('no two steps of %s overlap, and all are inside the picture', (_name, given) => {
  const { nodes, width, height } = layOut(given);
  const boxes = [...nodes.values()];
  for (const one of boxes) {
    expect(one.x).toBeGreaterThanOrEqual(0);
    expect(one.x + nodeWidth).toBeLessThanOrEqual(width);
    expect(one.y + nodeHeight).toBeLessThanOrEqual(height);
    for (const other of boxes)
      if (one !== other)
        expect(Math.abs(one.x - other.x) >= nodeWidth || Math.abs(one.y - other.y) >= nodeHeight).toBe(true);
  }
});

test('a line that leads back is told apart, and nothing is lost', () => {
  const { links, nodes } = layOut(loop);
  expect(links.filter(({ isBack }) => isBack)).toMatchObject([{ from: 'check', to: 'ask' }]);
  expect(links).toHaveLength(3);
  expect(nodes.size).toBe(3);
});

test('a line past a layer has a place of its own there', () => {
  const { chains, layers } = layersOf(diamond);
  const short = chains.find(({ link }) => link.from === 'a' && link.to === 'd');
  expect(short?.ids).toHaveLength(3);
  expect(layers[1]).toHaveLength(3);
});
