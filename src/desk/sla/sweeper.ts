import type { ClockModel, ClockRow } from './model';

/** As many clocks at once as a few shared round trips carry. */
const atOnce = 300;
/** How far a sweep looks ahead, so that the next one is in time. */
const aheadMs = 1_000;

type Due = Pick<ClockRow, '_id' | 'ticketId'> & { nextAt: Date };

/**
 * Brings every ticket up to date of which a clock is due: the earliest first, many at once. One that fails stays due and
 * holds up no other. Answers when the next clock is due, if that is soon.
 */
export async function sweepDue(
  model: ClockModel,
  now: Date,
  bringUpToDate: (ticketId: string) => Promise<void>,
): Promise<Date | null> {
  const seen = new Set<string>();
  const stuck: string[] = [];
  const problems: unknown[] = [];
  for (;;) {
    const soon = await readSoon(model, now, stuck);
    const due = soon.filter(({ nextAt }) => nextAt <= now);
    stuck.push(...due.map(({ _id }) => _id).filter((id) => seen.has(id)));
    const fresh = due.filter(({ _id }) => !seen.has(_id));
    for (const { _id } of fresh) seen.add(_id);
    const ticketIds = [...new Set(fresh.map(({ ticketId }) => ticketId))];
    for (const outcome of await Promise.allSettled(ticketIds.map(bringUpToDate)))
      if (outcome.status === 'rejected') problems.push(outcome.reason);
    if (due.length > 0) continue;
    if (problems.length > 0)
      throw new AggregateError(problems, `Clocks of ${problems.length} tickets failed.`);
    return soon[0]?.nextAt ?? null;
  }
}

const readSoon = (model: ClockModel, now: Date, stuck: string[]): Promise<Due[]> =>
  model
    .find({
      nextAt: { $lte: new Date(now.getTime() + aheadMs) },
      ...(stuck.length > 0 && { _id: { $nin: stuck } }),
    })
    .sort({ nextAt: 1 })
    .limit(atOnce)
    .select('ticketId nextAt')
    .lean<Due[]>();
