import { cx } from '../lib/class-names';
import { useUiWords } from './words';

const known = {
  wechat: { letter: '微', colour: 'bg-[#0b7a3e]' },
  telegram: { letter: 'T', colour: 'bg-[#1d6aa8]' },
  webchat: { letter: 'W', colour: 'bg-[#5a4bc0]' },
  whatsapp: { letter: 'A', colour: 'bg-[#0d7363]' },
  messenger: { letter: 'M', colour: 'bg-[#6d28d9]' },
  instagram: { letter: 'I', colour: 'bg-[#b0286f]' },
  line: { letter: 'L', colour: 'bg-[#067a35]' },
  weibo: { letter: '博', colour: 'bg-[#c0241c]' },
  x: { letter: 'X', colour: 'bg-[#25292d]' },
};
const isKnown = (channel: string): channel is keyof typeof known => channel in known;

/** A channel's name in the language of the page; the name of the integration where we have none. */
export function useChannelName(): (channel: string) => string {
  const t = useUiWords();
  return (channel) => (isKnown(channel) ? t(`channel.${channel}`) : channel);
}

/** A channel as a small mark: its own initial and colour, no logos. */
export function ChannelMark({ channel, small }: { channel: string; small?: boolean }) {
  const name = useChannelName()(channel);
  const { letter, colour } = isKnown(channel)
    ? known[channel]
    : { letter: channel.slice(0, 1).toUpperCase(), colour: 'bg-[#4b5563]' };
  return (
    <span
      role="img"
      aria-label={name}
      title={name}
      className={cx(
        'inline-flex shrink-0 items-center justify-center rounded-full font-semibold text-white',
        small ? 'size-4 text-[9px]' : 'size-5 text-[11px]',
        colour,
      )}
    >
      {letter}
    </span>
  );
}
