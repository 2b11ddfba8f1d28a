import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { dataDirProblem } from './data-folder';
import type { Environment } from './environment';
import { channel, configFile, type ChannelConfig } from './file';
import type { Problem } from './yaml';

/** Checks that only a later part can make, such as a channel's own settings. The path is inside the account. */
export type ChannelCheck = (channel: ChannelConfig) => { path: string; message: string }[];

/** Where a server listens and keeps its data. */
export interface Places {
  port: number;
  sandboxPort: number;
  metricsPort: number | null;
  dataDir: string;
}

export function placesOf(variables: Environment, cwd: string): Places {
  const port = variables.PORT ?? 3000;
  return {
    port,
    sandboxPort: variables.SANDBOX_PORT ?? port + 1,
    metricsPort: variables.METRICS_PORT ?? null,
    dataDir: resolve(cwd, variables.PARLEY_DATA_DIR ?? './data'),
  };
}

export function placeProblems(places: Places, hasSandbox: boolean): Problem[] {
  const { port, sandboxPort, metricsPort, dataDir } = places;
  const problems: Problem[] = [];
  if (metricsPort === port)
    problems.push({
      where: 'METRICS_PORT',
      message: `is PORT too (${port}): take another, or leave it unset`,
    });
  if (hasSandbox && sandboxPort > 65_535)
    problems.push({ where: 'SANDBOX_PORT', message: 'must be set: PORT + 1 is no port' });
  if (hasSandbox && (sandboxPort === port || sandboxPort === metricsPort))
    problems.push({
      where: 'SANDBOX_PORT',
      message: `${sandboxPort} is PORT or METRICS_PORT too: take another`,
    });
  const problem = dataDirProblem(dataDir);
  return problem ? [...problems, { where: 'PARLEY_DATA_DIR', message: problem }] : problems;
}

/** Problems of each account that can be read, also where something else in the file cannot. */
export function channelProblems(raw: unknown, path: string, check: ChannelCheck): Problem[] {
  const channels = (raw as { channels?: unknown } | null)?.channels;
  if (!Array.isArray(channels)) return [];
  return channels.flatMap((one, index) => {
    const parsed = channel.safeParse(one);
    if (!parsed.success) return [];
    return check(parsed.data).map((problem) => ({
      where: `${path} channels.${index}.${problem.path}`,
      message: problem.message,
    }));
  });
}

export function folderProblems(raw: unknown, path: string | null, cwd: string): Problem[] {
  return (['knowledgeBase', 'flows'] as const).flatMap((key) => {
    const named = configFile.shape[key].safeParse((raw as Record<string, unknown> | null)?.[key]);
    if (!named.success) return [];
    const folder = resolve(path ? dirname(path) : cwd, named.data);
    return existsSync(folder) && statSync(folder).isDirectory()
      ? []
      : [{ where: path ? `${path} ${key}` : `the folder ${key}`, message: `is no folder: ${folder}` }];
  });
}
