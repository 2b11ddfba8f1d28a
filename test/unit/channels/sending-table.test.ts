import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { builtInChannels } from '../../../src/channels';
import type { Channel } from '../../../src/channels/host/channel';
import type { Pace } from '../../../src/domain/pace';
import type { WindowRule } from '../../../src/domain/reply-window';
import { safePolicy, type SendPolicy } from '../../../src/domain/send-policy';

const page = readFileSync(resolve(__dirname, '../../../docs/sending.md'), 'utf8');
const channels = [...builtInChannels({ push: () => Promise.resolve() }).values()];

const none = '–';
const openFor = ({ openMs }: WindowRule) =>
  openMs >= 3_600_000 ? `${openMs / 3_600_000} h` : `${openMs / 60_000} min`;
const rule = (act: string, of: WindowRule) => `${act} ${openFor(of)} (${of.messages ?? 'any'})`;
const pace = (what: string, of: Pace | null) =>
  of ? [`${what} ${of.messages} in ${of.perMs / 1_000} s`] : [];
const policyCells = ({ lostAnswer, idempotencyKey, echo }: SendPolicy) => [
  `\`${lostAnswer}\``,
  idempotencyKey ?? none,
  echo ?? none,
];

function rowOf(channel: Channel): string[] {
  const { window, text, pace: paces } = channel.limitsFor({});
  return [
    channel.name,
    ...policyCells(channel.sendPolicy),
    window ? `${rule('message', window.onMessage)}, ${rule('click', window.onClick)}` : none,
    [...pace('thread', paces?.thread ?? null), ...pace('account', paces?.account ?? null)].join(', ') || none,
    `${text.max} ${text.unit}`,
  ];
}

test('the page says of every channel what the code does', () => {
  const rows = page
    .split('\n')
    .filter((line) => /^\| (?!channel|-)/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(rows).toEqual([...channels.map(rowOf), ['any other', ...policyCells(safePolicy), none, none, none]]);
});

test('every figure and every policy of a channel names its source and the day', () => {
  for (const channel of channels.filter(({ name }) => name !== 'webchat'))
    for (const { source } of [channel.limits, channel.sendPolicy])
      expect([channel.name, source]).toEqual([channel.name, expect.stringMatching(/20\d\d-\d\d$/)]);
});

test('a channel that sends again by itself names the key that makes it harmless', () => {
  for (const { sendPolicy } of channels) {
    if (sendPolicy.lostAnswer === 'sendAgain') expect(sendPolicy.idempotencyKey).toBeTruthy();
    if (sendPolicy.lostAnswer === 'awaitEcho') expect(sendPolicy.echo).toBeTruthy();
  }
});
