import type { Config } from '../../platform/config';
import { ok, problem, warning, type Finding } from './finding';

const leastNode = [20, 19];

export function nodeFindings(version: string): Finding[] {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < (leastNode[0] ?? 0) || (major === leastNode[0] && minor < (leastNode[1] ?? 0));
  return isOld
    ? [problem('Node.js', `${version} is too old`, `install Node.js ${leastNode.join('.')} or later`)]
    : [ok('Node.js', version)];
}

/** The server, where the platforms would call it. */
export async function serverFindings({ publicUrl, host, port }: Config): Promise<Finding[]> {
  const findings: Finding[] = [];
  const ready = await readiness(publicUrl);
  if (ready === 'away')
    findings.push(
      warning(
        'server',
        `nothing answers at ${publicUrl}`,
        'start Parley (`npm start`); then webhooks can be checked',
      ),
    );
  else if (ready.reason) findings.push(problem('server', ready.reason, 'see its log'));
  else findings.push(ok('server', `ready at ${publicUrl}`));
  if (ready !== 'away')
    for (const degraded of ready.degraded) findings.push(warning('server', degraded, 'see its log'));
  const isOpen = host !== '127.0.0.1' && host !== '::1' && host !== 'localhost';
  if (isOpen && publicUrl.startsWith('http:'))
    findings.push(
      warning(
        'server',
        `${host}:${port} is open to the network without TLS`,
        'put a proxy with TLS in front, and set PARLEY_PUBLIC_URL to its https:// address',
      ),
    );
  return findings;
}

type Readiness = 'away' | { reason: string | null; degraded: string[] };

async function readiness(publicUrl: string): Promise<Readiness> {
  try {
    const answer = await fetch(`${publicUrl}/readyz`, {
      signal: AbortSignal.timeout(5_000),
      redirect: 'manual',
    });
    const { reason = null, degraded = [] } = (await answer.json()) as {
      reason?: string | null;
      degraded?: string[];
    };
    return { reason, degraded };
  } catch {
    return 'away';
  }
}
