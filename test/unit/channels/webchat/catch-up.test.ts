import { CatchUp } from '../../../../src/channels/webchat/catch-up';
import { ManualClock } from '../../../support/manual-clock';

function start() {
  const clock = new ManualClock('2026-10-12T02:00:00.000Z');
  const state = { problem: null as string | null, fails: false, shown: 0 };
  const catchUp = new CatchUp({
    clock,
    problem: async () => state.problem,
    async showMissed() {
      if (state.fails) throw new Error('the store is away');
      state.shown++;
    },
  });
  const tick = () => {
    clock.advance(1_000);
    return catchUp.run();
  };
  return { state, tick };
}

test('while the nodes hear each other nothing is read', async () => {
  const { state, tick } = start();
  for (let i = 0; i < 5; i++) await tick();
  expect(state.shown).toBe(0);
});

test('it reads while there is trouble, and ten seconds longer: other nodes may hear later', async () => {
  const { state, tick } = start();
  state.problem = 'Redis is away.';
  await tick();
  await tick();
  state.problem = null;
  for (let i = 0; i < 20; i++) await tick();
  expect(state.shown).toBe(12);
});

test('what could not be read is read at the next turn, however late', async () => {
  const { state, tick } = start();
  state.problem = 'Redis is away.';
  state.fails = true;
  await expect(tick()).rejects.toThrow('away');
  state.problem = null;
  for (let i = 0; i < 20; i++) await expect(tick()).rejects.toThrow('away');
  state.fails = false;
  await tick();
  await tick();
  expect(state.shown).toBe(1);
});
