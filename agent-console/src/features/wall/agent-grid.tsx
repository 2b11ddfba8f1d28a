import type { AgentView } from '../../../../src/contract/agents';
import { agentStatuses } from '../../../../src/domain/role';
import { cx } from '../../lib/class-names';
import { useNow } from '../../lib/now';
import { asCountdown } from '../../lib/time';
import { Avatar } from '../../ui/avatar';
import { Card } from '../../ui/page';
import { useUiWords } from '../../ui/words';
import { useWords } from './words';

/** Who is there, and how much each has in hand: those who could take something first. */
export function AgentGrid({ agents }: { agents: AgentView[] }) {
  const t = useWords();
  const rank = ({ status }: AgentView) => agentStatuses.indexOf(status);
  const sorted = [...agents].sort((one, other) => rank(one) - rank(other));
  return (
    <Card title={t('agents')}>
      <ul className="grid gap-px bg-line sm:grid-cols-2 2xl:grid-cols-3">
        {sorted.map((agent) => (
          <li key={agent.id} className="bg-panel p-3.5">
            <Agent agent={agent} />
          </li>
        ))}
        {sorted.length % 2 === 1 && <li aria-hidden className="hidden bg-panel sm:block 2xl:hidden" />}
        {sorted.length % 3 > 0 && <li aria-hidden className="hidden bg-panel 2xl:block" />}
        {sorted.length % 3 === 1 && <li aria-hidden className="hidden bg-panel 2xl:block" />}
      </ul>
    </Card>
  );
}

function Agent({ agent }: { agent: AgentView }) {
  const t = useWords();
  const ui = useUiWords();
  const now = useNow();
  const { name, status, statusAt, load, capacity } = agent;
  const share = capacity === 0 ? 0 : Math.min(1, load / capacity);
  return (
    <div className={cx('flex items-center gap-3', status === 'offline' && 'text-muted')}>
      <Avatar name={name} presence={status} />
      <div className="min-w-0 flex-1">
        <p className="flex items-baseline gap-2">
          <span className="min-w-0 flex-1 truncate font-medium">{name}</span>
          <span className="tabular shrink-0 text-xs text-muted">
            {ui(`presence.${status}`)} {status !== 'offline' && asCountdown(now - Date.parse(statusAt))}
          </span>
        </p>
        <div aria-hidden className="mt-1.5 h-1.5 overflow-hidden rounded-full bg-hover">
          <div
            className={cx('h-full rounded-full', share >= 1 ? 'bg-warn' : 'bg-good')}
            style={{ width: `${share * 100}%` }}
          />
        </div>
        <p className="tabular mt-1 text-xs text-muted">{t('load', { load, capacity })}</p>
      </div>
    </div>
  );
}
