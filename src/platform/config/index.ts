import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import {
  channelProblems,
  folderProblems,
  placeProblems,
  placesOf,
  type ChannelCheck,
  type Places,
} from './checks';
import { demoChannels, demoTeam } from './demo';
import { environment, hostInUrl, type Environment } from './environment';
import { configFile, type ConfigFile } from './file';
import { readYaml, type Problem } from './yaml';

export type { ChannelCheck } from './checks';
export type { ChannelConfig, LlmConfig } from './file';
export type { Problem } from './yaml';

export interface Config extends Omit<ConfigFile, 'sandbox'> {
  host: string;
  port: number;
  publicUrl: string;
  dataDir: string;
  /** Null: the embedded store. */
  mongodbUrl: string | null;
  redisUrl: string | null;
  /** Null: kept in, or generated into, the data dir. */
  secretKey: string | null;
  sandbox: boolean;
  sandboxPort: number;
  metricsPort: number | null;
  drainMs: number;
  /** Whose X-Forwarded-For is believed: a number of proxies, or their addresses. */
  trustProxy: number | string[];
  logLevel: string;
  /** Without a configuration file: the built-in shop on the sandbox's platforms. */
  demo: boolean;
  configPath: string | null;
}

/** Every problem of the environment and of the file, at once. */
export class BadConfig extends Error {
  constructor(readonly problems: Problem[]) {
    super(
      [
        'The configuration has problems:',
        ...problems.map(({ where, message }) => `  ${where}: ${message}`),
      ].join('\n'),
    );
    this.name = 'BadConfig';
  }
}

/**
 * Reads the environment and the configuration file.
 * @throws BadConfig with all problems, before anything is opened.
 */
export function loadConfig(
  env: NodeJS.ProcessEnv,
  cwd: string,
  checkChannel: ChannelCheck = () => [],
): Config {
  const problems: Problem[] = [];
  const variables = readEnvironment(env, problems);
  if (env['MONGODB_URL'] && !env['PARLEY_SECRET_KEY'])
    problems.push({
      where: 'PARLEY_SECRET_KEY',
      message: 'is required with MONGODB_URL (32 characters or more)',
    });
  const path = findFile(env['PARLEY_CONFIG'], cwd, problems);
  const { file, raw } = path ? readFile(path, env, problems) : { file: configFile.parse({}), raw: {} };
  if (path) problems.push(...channelProblems(raw, path, checkChannel));
  problems.push(...folderProblems(raw, path, cwd));
  const places = placesOf(variables, cwd);
  problems.push(...placeProblems(places, path === null || file?.sandbox === true));
  if (problems.length > 0 || !file) throw new BadConfig(problems);
  return assemble(variables, file, path, { ...places, cwd });
}

function readEnvironment(env: NodeJS.ProcessEnv, problems: Problem[]): Environment {
  const parsed = environment.safeParse(env);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues)
    problems.push({ where: issue.path.join('.'), message: issue.message });
  // What is right is used on: the other problems are reported with these.
  const bad = new Set(parsed.error.issues.map((issue) => issue.path[0]));
  return environment.parse(Object.fromEntries(Object.entries(env).filter(([name]) => !bad.has(name))));
}

function findFile(named: string | undefined, cwd: string, problems: Problem[]): string | null {
  const path = resolve(cwd, named || 'parley.yaml');
  if (existsSync(path) && statSync(path).isFile()) return path;
  if (named) problems.push({ where: 'PARLEY_CONFIG', message: `names no file: ${path}` });
  return null;
}

function readFile(
  path: string,
  env: NodeJS.ProcessEnv,
  problems: Problem[],
): { file: ConfigFile | null; raw: unknown } {
  const { value: raw, problems: found } = readYaml(readFileSync(path, 'utf8'), path, env);
  problems.push(...found);
  if (raw === null) return { file: null, raw };
  const parsed = configFile.safeParse(raw);
  if (parsed.success) return { file: parsed.data, raw };
  for (const issue of parsed.error.issues) problems.push(...toProblems(path, issue));
  return { file: null, raw };
}

function toProblems(path: string, issue: z.core.$ZodIssue): Problem[] {
  const at = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys')
    return [{ where: `${path} ${at.join('.')}`.trim(), message: issue.message }];
  return issue.keys.map((key) => ({
    where: `${path} ${[...at, key].join('.')}`,
    message: 'is not a known key',
  }));
}

function assemble(
  variables: Environment,
  file: ConfigFile,
  path: string | null,
  { cwd, ...places }: Places & { cwd: string },
): Config {
  const host = variables.HOST ?? '127.0.0.1';
  const base = path ? dirname(path) : cwd;
  const demo = path === null;
  const sandboxUrl = `http://127.0.0.1:${places.sandboxPort}`;
  return {
    ...file,
    ...(demo && {
      channels: demoChannels(sandboxUrl, places.dataDir),
      team: demoTeam(places.dataDir),
      actions: { allow: [sandboxUrl], orderApi: sandboxUrl },
    }),
    ...places,
    knowledgeBase: resolve(base, file.knowledgeBase),
    flows: resolve(base, file.flows),
    host,
    publicUrl: (variables.PARLEY_PUBLIC_URL ?? `http://${hostInUrl(host)}:${places.port}`).replace(
      /\/+$/,
      '',
    ),
    mongodbUrl: variables.MONGODB_URL ?? null,
    redisUrl: variables.REDIS_URL ?? null,
    secretKey: variables.PARLEY_SECRET_KEY ?? null,
    sandbox: demo || file.sandbox === true,
    trustProxy: variables.PARLEY_TRUST_PROXY ?? 0,
    drainMs: variables.PARLEY_DRAIN_MS ?? 10_000,
    logLevel: variables.LOG_LEVEL ?? 'info',
    demo,
    configPath: path,
  };
}
