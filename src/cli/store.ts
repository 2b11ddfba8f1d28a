import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedStore } from '../platform/mongo/embedded';
import { startProblem } from '../platform/start-problem';

/** `npm run store [-- --port N]`: the embedded store alone, for any client of MongoDB. Its URL is the only line it prints. */
async function main(): Promise<void> {
  const dataDir = join(resolve(process.env['PARLEY_DATA_DIR'] || './data'), 'store');
  const store = await startEmbeddedStore({ dataDir, port: readPort(), inWorker: false });
  // From here on it ends by itself when it is told to; what was acknowledged is on disk.
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void store.close().then(() => process.exit(0)));
  console.log(store.url);
}

/** Without one it listens on a socket that only this user may open. */
function readPort(): number | undefined {
  const { values } = parseArgs({ options: { port: { type: 'string' } } });
  if (values.port === undefined) return undefined;
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535)
    throw new Error(`--port ${values.port}: must be a port, 0 (any that is free) to 65535`);
  return port;
}

main().catch((error: unknown) => {
  console.error(startProblem(error));
  process.exitCode = 1;
});
