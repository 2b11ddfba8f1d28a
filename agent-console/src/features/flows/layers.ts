export interface Link {
  from: string;
  to: string;
}
export interface Graph {
  start: string;
  /** In the order of the file. */
  nodes: string[];
  links: Link[];
}
interface Chain {
  link: Link;
  /** From step to step, with a place to pass in each layer between. */
  ids: string[];
}

/** Steps in layers: every line leads downwards, but for those that lead back. */
export function layersOf(graph: Graph): { layers: string[][]; chains: Chain[]; back: Link[] } {
  const { forward, back } = withoutLoops(graph);
  const depths = depthsOf(graph.nodes, forward);
  const layers: string[][] = [];
  const put = (id: string, depth: number) => void (layers[depth] ??= []).push(id);
  for (const id of graph.nodes) put(id, depths.get(id) ?? 0);
  const chains = forward.map((link): Chain => {
    const [from, to] = [depths.get(link.from) ?? 0, depths.get(link.to) ?? 0];
    const passes = Array.from({ length: to - from - 1 }, (_, index) => {
      const id = `${link.from}\u0000${link.to}\u0000${from + 1 + index}`;
      put(id, from + 1 + index);
      return id;
    });
    return { link, ids: [link.from, ...passes, link.to] };
  });
  untangle(layers, chains);
  return { layers, chains, back };
}

/** A line to a step that we are still coming from leads back. */
function withoutLoops({ start, nodes, links }: Graph): { forward: Link[]; back: Link[] } {
  const forward: Link[] = [];
  const back: Link[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (id: string): void => {
    state.set(id, 'open');
    for (const link of links.filter(({ from }) => from === id)) {
      if (state.get(link.to) === 'open') back.push(link);
      else {
        forward.push(link);
        if (!state.has(link.to)) visit(link.to);
      }
    }
    state.set(id, 'done');
  };
  for (const id of [start, ...nodes]) if (!state.has(id)) visit(id);
  return { forward, back };
}

/** The longest way from the top: a step stands below all that lead to it. */
function depthsOf(nodes: string[], links: Link[]): Map<string, number> {
  const depths = new Map<string, number>();
  const depthOf = (id: string): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    const above = links.filter(({ to }) => to === id).map(({ from }) => depthOf(from) + 1);
    const depth = Math.max(0, ...above);
    depths.set(id, depth);
    return depth;
  };
  for (const id of nodes) depthOf(id);
  return depths;
}

/** Orders each layer by the middle of its neighbours, down and up a few times: fewer lines cross. */
function untangle(layers: string[][], chains: Chain[]): void {
  const pairs = chains.flatMap(({ ids }) => ids.slice(1).map((id, index) => [ids[index] ?? '', id] as const));
  for (let pass = 0; pass < 4; pass++) {
    const downward = pass % 2 === 0;
    const order = downward
      ? layers.map((_, index) => index)
      : layers.map((_, index) => layers.length - 1 - index);
    for (const depth of order) {
      const near = layers[depth + (downward ? -1 : 1)];
      const layer = layers[depth];
      if (!near || !layer) continue;
      const middle = (id: string): number => {
        const places = pairs
          .filter((pair) => pair[downward ? 1 : 0] === id)
          .map((pair) => near.indexOf(pair[downward ? 0 : 1]));
        return places.length === 0
          ? layer.indexOf(id)
          : places.reduce((sum, place) => sum + place, 0) / places.length;
      };
      const middles = new Map(layer.map((id) => [id, middle(id)]));
      layers[depth] = [...layer].sort((one, other) => (middles.get(one) ?? 0) - (middles.get(other) ?? 0));
    }
  }
}
