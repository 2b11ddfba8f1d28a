import { ok, problem, warning, type Finding } from './finding';

const mend = 'set the clocks of both machines by NTP: leases, SLA clocks and sessions depend on them';

/** Clocks of machines that work together: seconds apart are a nuisance, more than a lease are a danger. */
export function clockFinding(of: string, skewMs: number): Finding {
  const seconds = Math.abs(skewMs) / 1_000;
  const what = `${of} is ${seconds.toFixed(1)} s ${skewMs > 0 ? 'ahead of' : 'behind'} this machine`;
  if (seconds > 5) return problem('clocks', what, mend);
  return seconds > 1 ? warning('clocks', what, mend) : ok('clocks', `${of} agrees with this machine`);
}
