/** What of V8's profile is read: a tree of calls, and which node was on top at each sample. */
export interface CpuProfile {
  nodes: { id: number; callFrame: CallFrame }[];
  samples: number[];
  timeDeltas: number[];
}

export interface CallFrame {
  functionName: string;
  url: string;
  /** From 0, as V8 counts. */
  lineNumber: number;
  columnNumber: number;
}

const resting = new Set(['(idle)', '(program)', '(root)']);

/** Time spent in each function itself, longest first; shares are of the time in which it did something. */
export function selfTimes(
  profile: CpuProfile,
  root: string,
  labelOf = nameOf,
): { name: string; ms: number; share: number }[] {
  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, labelOf(callFrame, root)]));
  const times = new Map<string, number>();
  profile.samples.forEach((id, at) => {
    const name = names.get(id) ?? '?';
    times.set(name, (times.get(name) ?? 0) + (profile.timeDeltas[at] ?? 0) / 1_000);
  });
  const busy = [...times].filter(([name]) => !resting.has(name)).reduce((sum, [, ms]) => sum + ms, 0);
  return [...times]
    .filter(([name]) => name !== '(idle)' && name !== '(root)')
    .map(([name, ms]) => ({ name, ms, share: ms / busy }))
    .sort((a, b) => b.ms - a.ms);
}

/** The same by package, and by folder of ours: where to look first. */
export function selfTimesByPart(profile: CpuProfile, root: string) {
  return selfTimes(profile, root, partOf);
}

function partOf({ functionName, url }: CallFrame): string {
  if (!url) return functionName.startsWith('(') && functionName.length > 2 ? functionName : 'built in';
  if (url.startsWith('node:')) return 'node';
  const inPackage = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  return inPackage ?? /dist\/(.+)\/[^/]+$/.exec(url)?.[1] ?? url;
}

function nameOf({ functionName, url, lineNumber }: CallFrame, root: string): string {
  const name = functionName || '(anonymous)';
  if (!url) return name;
  const file = url
    .replace(/^file:\/\//, '')
    .replace(`${root}/`, '')
    .replace(/.*node_modules\//, '');
  return `${name} ${file}:${lineNumber + 1}`;
}
