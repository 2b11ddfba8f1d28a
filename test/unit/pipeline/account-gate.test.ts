import type { DeliveryOutcome } from '../../../src/domain/delivery';
import { AccountGate } from '../../../src/pipeline/account-gate';

const start = Date.parse('2026-11-01T00:00:00Z');
const at = (ms: number) => new Date(start + ms);
const failed = (retryAfterMs: number | null = null): DeliveryOutcome => ({
  ok: false, errorClass: 'retry', message: 'no', platformCode: null, retryAfterMs,
}); // prettier-ignore
const sent: DeliveryOutcome = { ok: true, externalId: null };

test('no call to the account goes before its Retry-After, whatever the thread', () => {
  const gate = new AccountGate(() => 0);
  gate.note('a', failed(20_000), at(0));
  expect(gate.opensAt('a', at(19_999))).toEqual(at(20_000));
  expect(gate.closed(at(10_000))).toEqual(['a']);
  expect(gate.opensAt('a', at(20_000))).toBeNull();
  expect(gate.opensAt('b', at(0))).toBeNull();
});

test('after five failures in a row the account rests, then one call tries it and the others wait for what it tells', () => {
  const gate = new AccountGate(() => 0);
  for (let count = 0; count < 4; count++) gate.note('a', failed(), at(0));
  expect(gate.opensAt('a', at(0))).toBeNull();
  gate.note('a', failed(), at(0));
  expect(gate.opensAt('a', at(2_499))).toEqual(at(2_500));
  expect(gate.opensAt('a', at(2_500))).toBeNull();
  expect(gate.opensAt('a', at(2_500))).toEqual(at(12_500));
  gate.note('a', sent, at(3_000));
  expect(gate.opensAt('a', at(3_000))).toBeNull();
});

test('the rest doubles up to a minute, and a refusal of one message is no trouble of the account', () => {
  const gate = new AccountGate(() => 0.999);
  for (let count = 0; count < 30; count++) gate.note('a', failed(), at(0));
  const opens = gate.opensAt('a', at(0))?.getTime() ?? 0;
  expect(opens - start).toBeGreaterThan(59_000);
  expect(opens - start).toBeLessThanOrEqual(60_000);
  gate.note(
    'a',
    { ok: false, errorClass: 'recipient', message: 'gone', platformCode: null, retryAfterMs: null },
    at(1),
  );
  expect(gate.opensAt('a', at(1))).toBeNull();
});

test.each<[string, DeliveryOutcome]>([
  ['was taken', sent],
  ['failed without one', failed()],
  ['failed with a shorter one', failed(1_000)],
])('a call that was under way and %s opens nothing before Retry-After', (_what, outcome) => {
  const gate = new AccountGate(() => 0);
  gate.note('a', failed(20_000), at(0));
  gate.note('a', outcome, at(100));
  expect(gate.opensAt('a', at(19_999))).toEqual(at(20_000));
  expect(gate.closed(at(19_999))).toEqual(['a']);
  expect(gate.opensAt('a', at(20_000))).toBeNull();
});
