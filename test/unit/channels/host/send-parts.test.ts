import { failure, toFailure } from '../../../../src/channels/host/failures';
import { sendParts } from '../../../../src/channels/host/send-parts';

const tooMany = failure('retry', 'too many', { platformCode: '429', retryAfterMs: 30_000 });
const failureOf = (sending: Promise<void>) => sending.then(() => null, toFailure);
const failingAt = (part: string) => (one: string) =>
  one === part ? Promise.reject(tooMany) : Promise.resolve();

test('a first part that is refused is tried again', async () => {
  const told = await failureOf(sendParts(['a', 'b'], failingAt('a')));
  expect(told).toMatchObject({ errorClass: 'retry', retryAfterMs: 30_000 });
});

test('a later one is not, and its Retry-After is heard all the same', async () => {
  const told = await failureOf(sendParts(['a', 'b'], failingAt('b')));
  expect(told).toMatchObject({ errorClass: 'unknown', platformCode: '429', retryAfterMs: 30_000 });
  expect(told?.message).toBe('Only 1 of 2 parts arrived: too many');
});
