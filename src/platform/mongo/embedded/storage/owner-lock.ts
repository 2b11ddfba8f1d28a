import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { dataDirProblem, makeDataDir } from '../../../config/data-folder';

/**
 * One owner for each folder: a socket in the kernel's own name space, which is free again the moment its process dies.
 * @throws when another process has it, or when it cannot be written to.
 */
export async function lockFolder(folder: string): Promise<Server> {
  makeDataDir(folder);
  const problem = dataDirProblem(folder);
  if (problem) throw new Error(`PARLEY_DATA_DIR: ${problem}.`);
  const name = createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 32);
  const path = process.platform === 'linux' ? `\0parley-${name}` : `/tmp/parley-${name}.lock`;
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`The data in ${folder} is in use by another Parley process.`)
          : error,
      ),
    );
    server.listen(path, () => resolve(server));
    server.unref();
  });
}
