import { createApp, type App } from './app';
import { checkChannelConfig } from './channels';
import { BadConfig, loadConfig, type Config } from './platform/config';
import { createLogger, type Logger } from './platform/log';
import { forkSandbox } from './platform/sandbox-process';

/** Reads the configuration, starts, and stops in reverse order on SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const config = readConfig();
  if (!config) return void (process.exitCode = 1);
  const log = createLogger(config.logLevel);
  const app = await createApp(config, { log });
  const sandbox = config.sandbox ? await forkSandbox(config, app.port, log) : null;
  announce(config, app);
  const stop = async () => {
    await app.stop();
    await sandbox?.stop();
  };
  stopOn(['SIGTERM', 'SIGINT'], stop, config.drainMs, log);
}

function readConfig(): Config | null {
  try {
    return loadConfig(process.env, process.cwd(), checkChannelConfig);
  } catch (error) {
    if (!(error instanceof BadConfig)) throw error;
    process.stderr.write(`${error.message}\n`);
    return null;
  }
}

function stopOn(signals: NodeJS.Signals[], stop: () => Promise<void>, drainMs: number, log: Logger): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    // Whatever hangs: what is acknowledged is durable, so leaving now loses nothing.
    setTimeout(() => process.exit(0), drainMs).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'could not stop cleanly');
        process.exit(1);
      },
    );
  };
  for (const signal of signals) process.on(signal, onSignal);
}

function announce(config: Config, app: App): void {
  const lines = ['', `Parley is ready.`, `  console   ${app.url}/`];
  if (config.sandbox) lines.push(`  sandbox   ${app.url}/sandbox`);
  lines.push(`  API       ${app.url}/api/openapi.json`, '');
  if (config.demo || config.team.agents.length === 0) lines.push(...app.logins.map(loginLine), '');
  process.stdout.write(`${lines.join('\n')}\n`);
}

const loginLine = ({ role, email, password }: App['logins'][number]): string =>
  `  ${role.padEnd(10)}  ${email}  ${password}`;

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
