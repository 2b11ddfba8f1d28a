import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { startStoreHere, type RunningStore, type StoreOptions } from './start';

export { privateUrl, type RunningStore } from './start';

/**
 * Starts the embedded store: a server of MongoDB's wire protocol over LMDB.
 * In a worker its long scans hold up nothing else; it ends with its process, however that ends.
 */
export async function startEmbeddedStore({
  inWorker,
  ...options
}: StoreOptions & { inWorker: boolean }): Promise<RunningStore> {
  if (!inWorker) return startStoreHere(options);
  const worker = new Worker(join(__dirname, 'worker.js'), { workerData: options });
  const [message] = (await once(worker, 'message')) as [{ url?: string; problem?: string }];
  if (!message.url) throw new Error(message.problem ?? 'The embedded store did not start.');
  return {
    url: message.url,
    async close() {
      const ended = once(worker, 'exit');
      worker.postMessage('close');
      await ended;
    },
  };
}
