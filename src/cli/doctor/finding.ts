/** What a check found: in order, or wrong and how to mend it. */
export type Finding = { area: string; what: string } & (
  { state: 'ok' } | { state: 'warning' | 'problem'; mend: string }
);

export const ok = (area: string, what: string): Finding => ({ area, state: 'ok', what });
export const warning = (area: string, what: string, mend: string): Finding => ({
  area,
  state: 'warning',
  what,
  mend,
});
export const problem = (area: string, what: string, mend: string): Finding => ({
  area,
  state: 'problem',
  what,
  mend,
});

const marks = { ok: '✓', warning: '!', problem: '✗' };

export function reported(finding: Finding): string {
  const line = `${marks[finding.state]} ${finding.area}: ${finding.what}`;
  return finding.state === 'ok' ? line : `${line}\n    → ${finding.mend}`;
}
