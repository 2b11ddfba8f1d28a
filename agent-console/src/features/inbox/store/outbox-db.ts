import type { OutboxItem } from './outbox-item';

const storeName = 'items';

/** What is written but not yet with the server, on this computer's disk: it outlives the page. */
export class OutboxDb {
  private opened: Promise<IDBDatabase> | null = null;

  async all(): Promise<OutboxItem[]> {
    const store = await this.store('readonly');
    return done(store.getAll() as IDBRequest<OutboxItem[]>);
  }
  async put(item: OutboxItem): Promise<void> {
    await done((await this.store('readwrite')).put(item));
  }
  async remove(clientMessageId: string): Promise<void> {
    await done((await this.store('readwrite')).delete(clientMessageId));
  }

  private async store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
    this.opened ??= open();
    return (await this.opened).transaction(storeName, mode).objectStore(storeName);
  }
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open('parley-outbox', 1);
  request.onupgradeneeded = () => request.result.createObjectStore(storeName, { keyPath: 'clientMessageId' });
  return done(request);
}

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed.'));
  });
