import { layersOf, type Graph, type Link } from './layers';

export const nodeWidth = 236;
export const nodeHeight = 92;
const gapX = 36;
const gapY = 76;
/** Room for a line that passes a layer. */
const passWidth = 28;

export interface Point {
  x: number;
  y: number;
}
export interface PlacedLink extends Link {
  points: Point[];
  /** It leads back to an earlier step. */
  isBack: boolean;
}
export interface Picture {
  width: number;
  height: number;
  /** The upper left corner of each step. */
  nodes: Map<string, Point>;
  links: PlacedLink[];
}

/** Where to draw each step and line, from the top down; the same graph is always drawn the same. */
export function layOut(graph: Graph): Picture {
  const { layers, chains, back } = layersOf(graph);
  const centres = centresOf(layers, neighboursOf(chains));
  const left = Math.min(...[...centres].map(([id, x]) => x - widthOf(id) / 2));
  const right = Math.max(...[...centres].map(([id, x]) => x + widthOf(id) / 2));
  const nodes = new Map<string, Point>();
  const middle = new Map<string, Point>();
  layers.forEach((layer, depth) => {
    const y = depth * (nodeHeight + gapY);
    for (const id of layer) {
      const x = (centres.get(id) ?? 0) - left;
      middle.set(id, { x, y: y + nodeHeight / 2 });
      if (!isPass(id)) nodes.set(id, { x: x - nodeWidth / 2, y });
    }
  });
  const at = (id: string): Point => middle.get(id) ?? { x: 0, y: 0 };
  const links = [
    ...chains.map(({ link, ids }) => ({ ...link, isBack: false, points: downwards(ids.map(at)) })),
    ...back.map((link, index) => ({
      ...link,
      isBack: true,
      points: around(at(link.from), at(link.to), right - left + 24 + index * 16),
    })),
  ];
  const height = layers.length * (nodeHeight + gapY) - gapY;
  return { width: right - left + (back.length > 0 ? 40 + back.length * 16 : 0), height, nodes, links };
}

export const isPass = (id: string): boolean => id.includes('\u0000');
const widthOf = (id: string): number => (isPass(id) ? passWidth : nodeWidth);

function downwards(points: Point[]): Point[] {
  return points.map(({ x, y }, index) => {
    if (index === 0) return { x, y: y + nodeHeight / 2 };
    return index === points.length - 1 ? { x, y: y - nodeHeight / 2 } : { x, y };
  });
}

/** Below its own row, up beside the picture, and down into the step again: never behind another step. */
function around(from: Point, to: Point, x: number): Point[] {
  const [below, above] = [from.y + nodeHeight / 2 + 24, to.y - nodeHeight / 2 - 24];
  const into = to.x + nodeWidth / 4;
  return [
    { x: from.x, y: from.y + nodeHeight / 2 },
    { x: from.x, y: below },
    { x, y: below },
    { x, y: above },
    { x: into, y: above },
    { x: into, y: to.y - nodeHeight / 2 },
  ];
}

function neighboursOf(chains: { ids: string[] }[]) {
  const above = new Map<string, string[]>();
  const below = new Map<string, string[]>();
  for (const { ids } of chains)
    ids.forEach((id, index) => {
      const next = ids[index + 1];
      if (next === undefined) return;
      below.set(id, [...(below.get(id) ?? []), next]);
      above.set(next, [...(above.get(next) ?? []), id]);
    });
  return { above, below };
}

/** Each wants to stand below the middle of those that lead to it, and above those it leads to. */
function centresOf(layers: string[][], { above, below }: ReturnType<typeof neighboursOf>) {
  const centres = new Map<string, number>();
  for (const layer of layers) spread(layer, layer.map(() => 0), centres); // prettier-ignore
  for (let pass = 0; pass < 6; pass++) {
    const downward = pass % 2 === 0;
    for (const layer of downward ? layers : [...layers].reverse()) {
      const wanted = layer.map((id) => {
        const near = (downward ? above : below).get(id) ?? [];
        const sum = near.reduce((total, one) => total + (centres.get(one) ?? 0), 0);
        return near.length === 0 ? (centres.get(id) ?? 0) : sum / near.length;
      });
      spread(layer, wanted, centres);
    }
  }
  return centres;
}

/** As near to what each wants as its neighbours allow, and on the whole not to one side. */
function spread(layer: string[], wanted: number[], centres: Map<string, number>): void {
  const placed: number[] = [];
  layer.forEach((id, index) => {
    const before = layer[index - 1];
    const least =
      before === undefined
        ? -Infinity
        : (placed[index - 1] ?? 0) + (widthOf(before) + widthOf(id)) / 2 + gapX;
    placed.push(Math.max(least, wanted[index] ?? 0));
  });
  const drift = placed.reduce((sum, x, index) => sum + x - (wanted[index] ?? 0), 0) / (placed.length || 1);
  layer.forEach((id, index) => centres.set(id, (placed[index] ?? 0) - drift));
}
