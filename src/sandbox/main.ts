import { z } from 'zod';
import { sandboxOptions } from './options';
import { startSandbox } from './start-sandbox';

const startMessage = z.object({ start: sandboxOptions });

/** The sandbox's process: the parent sends `{ start: options }` and hears `{ ready: url }` or `{ failed: why }`. */
process.once('message', (message) => {
  start(message).catch((error: unknown) => {
    process.send?.({ failed: error instanceof Error ? error.message : String(error) });
    process.disconnect();
    process.exitCode = 1;
  });
});

async function start(message: unknown): Promise<void> {
  const sandbox = await startSandbox(startMessage.parse(message).start);
  const stop = () => void sandbox.close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  // Ctrl+C reaches the whole group: the parent decides when the sandbox ends.
  process.on('SIGINT', () => undefined);
  process.once('disconnect', stop);
  process.send?.({ ready: sandbox.url });
}
