import { builtInChannels } from '../../channels';
import type { SlaPolicy } from '../../contract/policies';
import type { Config } from '../../platform/config';
import { ok, problem, warning, type Finding } from './finding';

type Policies = Pick<Config, 'sla' | 'hours' | 'routing' | 'team' | 'channels'>;

/** SLA, hours, routing and people: what is valid and yet cannot be meant. */
export function policyFindings(config: Policies): Finding[] {
  const found = [...slaFindings(config), ...hoursFindings(config), ...peopleFindings(config)];
  const names = config.sla.map(({ name }) => name).join(', ');
  return [...found, ok('policies', `SLA ${names}; ${hoursOf(config)}; routing ${config.routing.mode}`)];
}

const hoursOf = ({ hours }: Policies): string => (hours ? `hours in ${hours.timeZone}` : 'open 24×7');
const isDefault = ({ when }: SlaPolicy): boolean =>
  Object.values(when).every((names) => names === undefined || names.length === 0);

function slaFindings({ sla }: Policies): Finding[] {
  const first = sla.findIndex(isDefault);
  const unreached = first < 0 ? [] : sla.slice(first + 1);
  const channels = [...builtInChannels({ push: () => Promise.resolve() }).keys()];
  const findings = unreached.map(({ name }) =>
    problem(
      'policies',
      `SLA ${name} never applies: one before it takes everything`,
      'put it before that one',
    ),
  );
  if (first < 0)
    findings.push(warning('policies', 'no SLA applies to everything', 'add a last one with `when: {}`'));
  for (const policy of sla) findings.push(...targetFindings(policy), ...channelFindings(policy, channels));
  return findings;
}

function targetFindings({ name, firstResponseMinutes, resolutionMinutes }: SlaPolicy): Finding[] {
  if (!firstResponseMinutes || !resolutionMinutes || firstResponseMinutes <= resolutionMinutes) return [];
  const what = `SLA ${name} promises the solution before the first answer`;
  return [warning('policies', what, 'make resolutionMinutes the longer one')];
}

function channelFindings({ name, when }: SlaPolicy, channels: string[]): Finding[] {
  const unknown = (when.channels ?? []).filter((channel) => !channels.includes(channel));
  return unknown.map((channel) =>
    problem('policies', `SLA ${name} names the channel ${channel}`, `take one of ${channels.join(', ')}`),
  );
}

function hoursFindings({ hours }: Policies): Finding[] {
  const both = hours?.holidays.filter((day) => hours.workdays.includes(day)) ?? [];
  return both.map((day) =>
    problem('policies', `${day} is a holiday and a workday`, 'take it out of holidays or of workdays'),
  );
}

function peopleFindings({ team: { agents, teams }, routing }: Policies): Finding[] {
  if (agents.length === 0) return [];
  const emails = new Set(agents.map(({ email }) => email.toLowerCase()));
  const strangers = teams.flatMap(({ id, members }) =>
    members.filter((email) => !emails.has(email.toLowerCase())).map((email) => ({ id, email })),
  );
  const findings = strangers.map(({ id, email }) =>
    warning(
      'policies',
      `team ${id} names ${email}, who is not in team.agents`,
      'add them, or correct the address',
    ),
  );
  if (!agents.some(({ role }) => role === 'admin'))
    findings.push(problem('policies', 'team.agents has no admin', 'give one of them `role: admin`'));
  if (routing.mode === 'push' && !agents.some(({ capacity }) => capacity > 0))
    findings.push(
      problem('policies', 'push routing, and nobody has capacity', 'raise capacity of the agents'),
    );
  return findings;
}
