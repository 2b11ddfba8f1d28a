import type { AgentStatus } from '../../../src/domain/role';
import { cx } from '../lib/class-names';
import { ChannelMark } from './channel';
import { useUiWords } from './words';

const colours = ['#7a4b3a', '#5b5a2f', '#2f6150', '#2b5b78', '#4c4f86', '#6d4a7c', '#84445c', '#4f5b63'];
const sizes = {
  tiny: 'size-5 text-[10px]',
  small: 'size-7 text-xs',
  normal: 'size-10 text-[15px]',
  large: 'size-13 text-lg',
};

interface Props {
  name: string;
  size?: keyof typeof sizes;
  channel?: string;
  presence?: AgentStatus;
}

/** Somebody's initial in a colour of their own, with their channel or presence at its corner. */
export function Avatar({ name, size = 'normal', channel, presence }: Props) {
  return (
    <span className="relative inline-flex shrink-0">
      <span
        aria-hidden
        style={{ backgroundColor: colourOf(name) }}
        className={cx(
          'inline-flex items-center justify-center rounded-full font-semibold text-white select-none',
          sizes[size],
        )}
      >
        {initialOf(name)}
      </span>
      {channel && (
        <span className="absolute -right-1 -bottom-1 flex rounded-full bg-panel p-0.5">
          <ChannelMark channel={channel} small />
        </span>
      )}
      {presence && (
        <span className="absolute -right-0.5 -bottom-0.5 flex rounded-full bg-panel p-0.5">
          <PresenceDot presence={presence} />
        </span>
      )}
    </span>
  );
}

const dots: Record<AgentStatus, string> = {
  online: 'bg-good', busy: 'bg-bad', away: 'bg-warn', offline: 'border-2 border-muted bg-transparent',
}; // prettier-ignore

export function PresenceDot({ presence }: { presence: AgentStatus }) {
  const t = useUiWords();
  return (
    <span
      role="img"
      aria-label={t(`presence.${presence}`)}
      className={cx('size-2.5 rounded-full', dots[presence])}
    />
  );
}

function colourOf(name: string): string {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return colours[sum % colours.length] ?? '#4f5b63';
}
const initialOf = (name: string): string => (Array.from(name.trim())[0] ?? '?').toUpperCase();
