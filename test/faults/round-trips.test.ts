import { inboundOf } from '../support/path-node';
import { openPathBench } from '../support/path-bench';
import { closeStore } from '../support/store';

let bench: Awaited<ReturnType<typeof openPathBench>>;
beforeAll(async () => (bench = await openPathBench()));
afterAll(async () => {
  await bench.close();
  await closeStore();
});

const rule = { openMs: 3_600_000, messages: 5 };

test.each([
  { channel: 'any channel', window: null },
  { channel: 'one that counts the replies', window: { onMessage: rule, onClick: rule } },
])('a webhook of $channel waits for one round trip to the store, and each of many first messages costs at most six', ({ channel, window }) =>
  bench.scene(async ({ node, deliver, drained, platform }) => {
    platform.limits.window = window;
    const server = await node('a');
    await server.pipeline.stop();
    await server.relay.stop();
    const before = server.failpoints.steps;
    const users = Array.from({ length: 50 }, (_unused, index) => `user${index}`);
    for (const user of users) await deliver(server, inboundOf(user, 1, 'hello'));
    expect(server.failpoints.steps - before).toBe(users.length);
    server.pipeline.start();
    server.relay.start();
    await drained();
    // Every call to the platform passes there too.
    const trips = server.failpoints.steps - before - platform.calls.length;
    expect(trips / users.length).toBeLessThanOrEqual(6);
    process.stdout.write(`round trips to the store per first message, ${channel}, polls included: ${(trips / users.length).toFixed(1)}\n`);
  }), 60_000); // prettier-ignore
