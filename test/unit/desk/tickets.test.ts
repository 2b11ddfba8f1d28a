import type { Session } from '../../../src/platform/http/api';
import { Conflict, NotFound } from '../../../src/platform/errors';
import { closeStore } from '../../support/store';
import { openBench, queued, someone, type DeskBench } from './desk-bench';

let bench: DeskBench;
let ticketId: string;
beforeEach(async () => {
  bench = await openBench();
  await bench.desk.agents.createTeam({ id: 'aftersales', name: '售后', memberIds: [] });
  ticketId = (await queued(bench, 'Ada')).ticketId ?? '';
});
afterEach(() => bench.close());
afterAll(closeStore);

const ticket = () => bench.desk.tickets.byId(ticketId);
const change = (session: Session, body: object) =>
  bench.desk.handlers.changeTicket({ params: { id: ticketId }, session, body: () => body } as never);
const toAftersales = () => change(someone('wang', 'supervisor'), { teamId: 'aftersales' });

/** Does something else between the look at a ticket and its change, or after the change. */
function around({ before, after }: { before?: () => Promise<unknown>; after?: () => Promise<unknown> }) {
  const { cases } = bench.desk;
  const original = cases.change.bind(cases);
  cases.change = async (...given) => {
    cases.change = original;
    await before?.();
    const changed = await original(...given);
    await after?.();
    return changed;
  };
}

test.each([
  ['with the version that was seen', async () => ({ version: (await ticket())?.version })],
  ['whatever its version', async () => ({})],
])('a ticket that goes to another team meanwhile is neither changed nor shown, asked %s', async (_, seen) => {
  const body = { subject: 'Parcel', ...(await seen()) };
  around({ before: toAftersales });
  await expect(change(someone('li'), body)).rejects.toThrow(NotFound);
  expect(await ticket()).toMatchObject({ teamId: 'aftersales', subject: 'Where is my parcel?' });
});

test('a ticket that goes to another team after the change is shown as it was changed', async () => {
  around({ after: toAftersales });
  const view = await change(someone('li'), { subject: 'Parcel' });
  expect(view).toMatchObject({ subject: 'Parcel', team: null });
});

test('who hands a ticket on to another team sees where it went', async () => {
  const view = await change(someone('li'), { teamId: 'aftersales' });
  expect(view.team?.id).toBe('aftersales');
});

test('who sees a ticket that someone else changed is shown it with the conflict', async () => {
  const version = (await ticket())?.version;
  await change(someone('han'), { subject: 'Parcel' });
  const late = change(someone('li'), { subject: 'Refund', version });
  await expect(late).rejects.toThrow(Conflict);
  await expect(late).rejects.toMatchObject({ details: { ticket: { subject: 'Parcel' } } });
});
