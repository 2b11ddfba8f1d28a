import { parentPort, workerData } from 'node:worker_threads';
import { startStoreHere, type StoreOptions } from './start';

/** The store's thread: says its URL, and ends when it is told to. */
async function main(): Promise<void> {
  try {
    const store = await startStoreHere(workerData as StoreOptions);
    parentPort?.once('message', () => void store.close().then(() => parentPort?.close()));
    parentPort?.postMessage({ url: store.url });
  } catch (error) {
    parentPort?.postMessage({ problem: (error as Error).message });
  }
}

void main();
