import { spawnSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { figure } from './table';

/** What a figure means nothing without: the commit, the versions, the machine, and what else kept it busy. */
export function printSetting(root: string): void {
  const { stdout } = spawnSync('git', ['describe', '--always', '--dirty'], { cwd: root, encoding: 'utf8' });
  const [cpu] = cpus();
  console.log(
    [
      `commit ${stdout?.trim() || 'unknown'}`,
      `Node ${process.version}`,
      `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}`,
      `load average before the run ${figure(loadavg()[0] ?? NaN, 2)}`,
    ].join(', '),
  );
}
