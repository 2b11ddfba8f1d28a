import { MongoClient } from 'mongodb';
import { StoreProcess } from './store-process';

/** One store for several nodes, and its end. */
export interface NodesStore {
  url: string;
  remove(): Promise<void>;
}

/** A database of its own on the server that TEST_NODES_MONGODB_URL names, else an embedded store in a process of its own. */
export async function startNodesStore(): Promise<NodesStore> {
  const server = process.env['TEST_NODES_MONGODB_URL'];
  if (!server) return StoreProcess.start();
  const url = server.replace(
    /^(mongodb:\/\/[^/?]+)\/?/,
    `$1/nodes_${process.pid}_${Date.now().toString(36)}`,
  );
  return {
    url,
    async remove() {
      const client = await MongoClient.connect(url);
      await client.db().dropDatabase();
      await client.close();
    },
  };
}
