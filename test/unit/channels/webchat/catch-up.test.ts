import { CatchUp } from '../../../../src/channels/webchat/catch-up';
import { ManualClock } from '../../../support/manual-clock';

function start() {
  const clock = new ManualClock('2026-10-12T02:00:00.000Z');
  const shown: string[] = [];
  const state = { problem: null as string | null, fails: false };
  const catchUp = new CatchUp({
    clock,
    problem: async () => state.problem,
    async showSince(since) {
      if (state.fails) throw new Error('the store is away');
      shown.push(since.toISOString().slice(11, 19));
    },
  });
  const tick = () => {
    clock.advance(1_000);
    return catchUp.run();
  };
  return { state, shown, tick };
}

test('while the nodes hear each other nothing is read', async () => {
  const { shown, tick } = start();
  for (let i = 0; i < 5; i++) await tick();
  expect(shown).toEqual([]);
});

test('it reads from before the trouble, goes on from there, and once more when it is over', async () => {
  const { state, shown, tick } = start();
  state.problem = 'Redis is away.';
  await tick();
  await tick();
  state.problem = null;
  await tick();
  await tick();
  expect(shown).toEqual(['01:59:51', '01:59:51', '01:59:52']);
});

test('what could not be read is read at the next turn, from the same moment', async () => {
  const { state, shown, tick } = start();
  state.problem = 'Redis is away.';
  state.fails = true;
  await expect(tick()).rejects.toThrow('away');
  await expect(tick()).rejects.toThrow('away');
  state.fails = false;
  state.problem = null;
  await tick();
  expect(shown).toEqual(['01:59:51']);
});
