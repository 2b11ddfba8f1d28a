import { createApp, type App } from './app';
import { checkChannelConfig } from './channels';
import { BadConfig, loadConfig, type Config } from './platform/config';
import { createLogger, type Logger } from './platform/log';
import { forkSandbox, type SandboxProcess } from './platform/sandbox-process';
import { startProblem } from './platform/start-problem';

/** Reads the configuration, starts, and stops in reverse order on SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const config = readConfig();
  if (!config) return void (process.exitCode = 1);
  const log = createLogger(config.logLevel);
  const starting = start(config, log);
  stopOn(['SIGTERM', 'SIGINT'], async () => (await starting).stop(), config.drainMs, log);
  announce(config, (await starting).app);
}

interface Running {
  app: App;
  stop(): Promise<void>;
}

/** The sandbox is there before the platforms are called, which in the demo are the sandbox. */
async function start(config: Config, log: Logger): Promise<Running> {
  let sandbox: SandboxProcess | null = null;
  const app = await createApp(config, {
    log,
    async listening(port) {
      if (config.sandbox) sandbox = await forkSandbox(config, port, log);
    },
  });
  return {
    app,
    async stop() {
      await app.stop();
      await sandbox?.stop();
    },
  };
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
  process.stderr.write(`${startProblem(error)}\n`);
  process.exit(1);
});
