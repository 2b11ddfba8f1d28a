import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The processes that this one has started and that still live (Linux). */
export function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number),
  );
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export interface Listener {
  address: string;
  port: number;
}

/** Where a process listens for TCP connections (Linux). */
export function listenersOf(pid: number): Listener[] {
  const inodes = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => socketInode(`/proc/${pid}/fd/${fd}`)));
  return ['tcp', 'tcp6']
    .flatMap((table) => readFileSync(`/proc/${pid}/net/${table}`, 'utf8').trim().split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === listening && inodes.has(inode ?? ''))
    .map(([, local = '']) => toListener(local));
}

const listening = '0A';

function socketInode(path: string): string {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(path))?.[1] ?? '';
  } catch {
    // Closed meanwhile.
    return '';
  }
}

/** `0100007F:0BB8`: the address is written backwards, byte by byte. */
function toListener(local: string): Listener {
  const [address = '', port = ''] = local.split(':');
  const bytes = address.match(/../g) ?? [];
  return {
    address:
      bytes.length === 4
        ? bytes
            .reverse()
            .map((byte) => Number.parseInt(byte, 16))
            .join('.')
        : address,
    port: Number.parseInt(port, 16),
  };
}
