import { existsSync } from 'node:fs';
import { auditCell } from '../../../../src/cli/bench/path/audit';
import { bestHeld, judge } from '../../../../src/cli/bench/path/ladder';
import { runLoad, type RunResult } from '../../../../src/cli/bench/path/run';
import { contestantOf, Stage } from '../../../../src/cli/bench/path/stage';

test('a small load on the built server and on the bare one is answered once, kept, and leaves nothing behind', async () => {
  const stage = await Stage.open();
  try {
    const ours = await stage.ours();
    const contestants = [contestantOf(ours, 'tg'), contestantOf(ours, 'wx'), await stage.bare()];
    for (const server of contestants) {
      const result = await runLoad(stage, server, { arrivals: 'poisson', perSecond: 40, count: 24 });
      expect([server.name, auditCell(result.audit)]).toEqual([server.name, '0/0']);
      expect(result.refused).toBeLessThan(24);
    }
    // An audit that is asked for what nobody wrote must say so.
    const other = {
      ...(contestants[0] as (typeof contestants)[number]),
      stored: async () => new Set<string>(),
    };
    const unkept = await runLoad(stage, other, { arrivals: 'constant', perSecond: 40, count: 5 });
    expect(auditCell(unkept.audit)).toBe('0/0 5 unstored');
  } finally {
    await stage.close();
  }
  expect(existsSync(stage.folder)).toBe(false);
  expect(stage.generator.process.exitCode ?? stage.generator.process.signalCode).not.toBeNull();
}, 120_000);

const spread = (p99: number) => ({ count: 1, p50: p99, p99, max: p99 });
const clean = { lost: 0, doubled: 0, unstored: 0, reordered: 0, strange: 0 };
const result: RunResult = {
  perSecond: 100,
  ack: spread(80),
  reply: spread(200),
  slipP99Ms: 1,
  refused: 0,
  audit: clean,
  cpuUsPerMessage: 900,
  tookMs: 1,
  drainMs: 1,
};

test.each<[string, Partial<RunResult>, string]>([
  ['within all limits', {}, 'held'],
  ['slow to acknowledge', { ack: spread(101) }, 'missed'],
  ['slow to answer', { reply: spread(251) }, 'missed'],
  ['with one refused', { refused: 1 }, 'missed'],
  ['with one lost', { audit: { ...clean, lost: 1 } }, 'missed'],
  ['slow with a generator that was late itself', { reply: spread(251), slipP99Ms: 3 }, 'void'],
  ['in time although the generator was late', { slipP99Ms: 3 }, 'held'],
])('a rate %s', (_what, change, verdict) => {
  expect(judge({ ...result, ...change }).verdict).toBe(verdict);
});

test('the highest rate held counts, not the last one tried', () => {
  const steps = [50, 100, 200].map((perSecond) =>
    judge({ ...result, perSecond, refused: perSecond > 100 ? 1 : 0 }),
  );
  expect(bestHeld(steps)?.perSecond).toBe(100);
  expect(bestHeld([])).toBeNull();
});
