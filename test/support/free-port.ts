import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below what systems give to outgoing connections: none of them takes it while a server is down between two starts. */
const lowest = 20_000;
const highest = 32_000;
const tries = 100;

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  for (let one = 0; one < tries; one++) {
    const port = randomInt(lowest, highest);
    if (await isFree(port)) return port;
  }
  throw new Error(`None of ${tries} ports between ${lowest} and ${highest} is free.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
