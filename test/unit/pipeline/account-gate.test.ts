import type { DeliveryOutcome } from '../../../src/domain/delivery';
import { AccountGate } from '../../../src/pipeline/account-gate';
import { ManualClock } from '../../support/manual-clock';

const start = Date.parse('2026-11-01T00:00:00Z');
const at = (ms: number) => new Date(start + ms);
let clock: ManualClock;
let gate: AccountGate;
beforeEach(() => {
  clock = new ManualClock(at(0).toISOString());
  gate = new AccountGate({ clock, random: () => 0 });
});
const until = (ms: number) => clock.advance(at(ms).getTime() - clock.now().getTime());
const failed = (retryAfterMs: number | null = null): DeliveryOutcome => ({
  ok: false, errorClass: 'retry', message: 'no', platformCode: null, retryAfterMs,
}); // prettier-ignore
const sent: DeliveryOutcome = { ok: true, externalId: null };

test('no call to the account goes before its Retry-After, whatever the thread', () => {
  gate.note('a', failed(20_000));
  until(19_999);
  expect(gate.opensAt('a')).toEqual(at(20_000));
  expect(gate.closed()).toEqual(['a']);
  until(20_000);
  expect(gate.opensAt('a')).toBeNull();
  expect(gate.opensAt('b')).toBeNull();
});

test('after five failures in a row the account rests, then one call tries it and the others wait for what it tells', () => {
  for (let count = 0; count < 4; count++) gate.note('a', failed());
  expect(gate.opensAt('a')).toBeNull();
  gate.note('a', failed());
  until(2_499);
  expect(gate.opensAt('a')).toEqual(at(2_500));
  until(2_500);
  expect(gate.opensAt('a')).toBeNull();
  expect(gate.opensAt('a')).toEqual(at(12_500));
  until(3_000);
  gate.note('a', sent);
  expect(gate.opensAt('a')).toBeNull();
});

test('five calls in a row without an answer are trouble as well', () => {
  const unanswered: DeliveryOutcome = {
    ok: false,
    errorClass: 'unknown',
    message: 'no answer came',
    platformCode: null,
    retryAfterMs: null,
  };
  for (let count = 0; count < 5; count++) gate.note('a', unanswered);
  expect(gate.closed()).toEqual(['a']);
});

test('the rest doubles up to a minute, and a refusal of one message is no trouble of the account', () => {
  gate = new AccountGate({ clock, random: () => 0.999 });
  for (let count = 0; count < 30; count++) gate.note('a', failed());
  const opens = gate.opensAt('a')?.getTime() ?? 0;
  expect(opens - start).toBeGreaterThan(59_000);
  expect(opens - start).toBeLessThanOrEqual(60_000);
  until(1);
  gate.note('a', {
    ok: false,
    errorClass: 'recipient',
    message: 'gone',
    platformCode: null,
    retryAfterMs: null,
  });
  expect(gate.opensAt('a')).toBeNull();
});

test.each<[string, DeliveryOutcome]>([
  ['was taken', sent],
  ['failed without one', failed()],
  ['failed with a shorter one', failed(1_000)],
])('a call that was under way and %s opens nothing before Retry-After', (_what, outcome) => {
  gate.note('a', failed(20_000));
  until(100);
  gate.note('a', outcome);
  until(19_999);
  expect(gate.opensAt('a')).toEqual(at(20_000));
  expect(gate.closed()).toEqual(['a']);
  until(20_000);
  expect(gate.opensAt('a')).toBeNull();
});

test('a wall clock that is set ends no rest and prolongs none', () => {
  for (const jumpMs of [3_600_000, -7_200_000]) {
    gate.note('a', failed(20_000));
    clock.jump(jumpMs);
    clock.advance(19_999);
    expect(gate.closed()).toEqual(['a']);
    expect(gate.opensAt('a')?.getTime()).toBe(clock.now().getTime() + 1);
    clock.advance(1);
    expect(gate.opensAt('a')).toBeNull();
  }
});
