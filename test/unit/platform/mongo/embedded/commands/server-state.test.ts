import { ServerState } from '../../../../../../src/platform/mongo/embedded/commands/server-state';

test('connections that end are no longer counted, but have been', () => {
  const state = new ServerState();
  state.connected();
  state.connected();
  state.disconnected();
  expect([state.connections, state.connectionsEver]).toEqual([1, 2]);
});

test('commands are counted by their names', () => {
  const state = new ServerState();
  for (const name of ['find', 'insert', 'find']) state.countCommand(name);
  expect([...state.counts]).toEqual([['find', 2], ['insert', 1]]); // prettier-ignore
});

test('it knows how long it has been running', () => {
  const state = new ServerState();
  expect(state.uptimeSeconds).toBeGreaterThanOrEqual(0);
  expect(state.uptimeSeconds).toBeLessThanOrEqual((performance.now() - state.startedAtMs) / 1_000);
});
