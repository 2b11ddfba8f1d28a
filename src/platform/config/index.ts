import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { demoChannels, demoTeam } from './demo';
import { environment, type Environment } from './environment';
import { configFile, type ChannelConfig, type ConfigFile } from './file';
import { readYaml, type Problem } from './yaml';

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

/** Checks that only a later part can make, such as a channel's own settings. */
export type ChannelCheck = (channel: ChannelConfig) => { path: string; message: string }[];

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
  const path = findFile(variables, cwd, problems);
  const file = path ? readFile(path, env, problems) : configFile.parse({});
  if (variables.MONGODB_URL && !variables.PARLEY_SECRET_KEY)
    problems.push({
      where: 'PARLEY_SECRET_KEY',
      message: 'is required with MONGODB_URL (32 characters or more)',
    });
  file?.channels.forEach((channel, index) => {
    for (const { path: at, message } of checkChannel(channel))
      problems.push({ where: `${path} channels.${index}.configuration.${at}`, message });
  });
  if (file) checkFolders(file, path, cwd, problems);
  if (problems.length > 0 || !file) throw new BadConfig(problems);
  return assemble(variables, file, path, cwd);
}

function readEnvironment(env: NodeJS.ProcessEnv, problems: Problem[]): Environment {
  const parsed = environment.safeParse(env);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues)
    problems.push({ where: issue.path.join('.'), message: issue.message });
  return { PARLEY_CONFIG: env['PARLEY_CONFIG'] };
}

function findFile(variables: Environment, cwd: string, problems: Problem[]): string | null {
  const named = variables.PARLEY_CONFIG;
  const path = resolve(cwd, named ?? 'parley.yaml');
  if (existsSync(path) && statSync(path).isFile()) return path;
  if (named) problems.push({ where: 'PARLEY_CONFIG', message: `names no file: ${path}` });
  return null;
}

function readFile(path: string, env: NodeJS.ProcessEnv, problems: Problem[]): ConfigFile | null {
  const { value, problems: found } = readYaml(readFileSync(path, 'utf8'), path, env);
  problems.push(...found);
  const parsed = configFile.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) problems.push(...toProblems(path, issue));
  return null;
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

function checkFolders(file: ConfigFile, path: string | null, cwd: string, problems: Problem[]): void {
  for (const key of ['knowledgeBase', 'flows'] as const) {
    const folder = resolve(path ? dirname(path) : cwd, file[key]);
    if (!existsSync(folder) || !statSync(folder).isDirectory())
      problems.push({ where: `${path ?? 'default'} ${key}`, message: `is no folder: ${folder}` });
  }
}

function assemble(variables: Environment, file: ConfigFile, path: string | null, cwd: string): Config {
  const host = variables.HOST ?? '127.0.0.1';
  const port = variables.PORT ?? 3000;
  const base = path ? dirname(path) : cwd;
  const demo = path === null;
  const sandboxPort = variables.SANDBOX_PORT ?? port + 1;
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
  const dataDir = resolve(cwd, variables.PARLEY_DATA_DIR ?? './data');
  return {
    ...file,
    ...(demo && {
      channels: demoChannels(sandboxUrl, dataDir),
      team: demoTeam(dataDir),
      actions: { allow: [sandboxUrl], orderApi: sandboxUrl },
    }),
    knowledgeBase: resolve(base, file.knowledgeBase),
    flows: resolve(base, file.flows),
    host,
    port,
    publicUrl: (variables.PARLEY_PUBLIC_URL ?? `http://${host}:${port}`).replace(/\/+$/, ''),
    dataDir,
    mongodbUrl: variables.MONGODB_URL ?? null,
    redisUrl: variables.REDIS_URL ?? null,
    secretKey: variables.PARLEY_SECRET_KEY ?? null,
    sandbox: demo || file.sandbox === true,
    sandboxPort,
    metricsPort: variables.METRICS_PORT ?? null,
    drainMs: variables.PARLEY_DRAIN_MS ?? 10_000,
    logLevel: variables.LOG_LEVEL ?? 'info',
    demo,
    configPath: path,
  };
}
