import { listConversations } from '../../../src/desk/conversations/lists';
import { Conflict, Forbidden, InvalidInput, NotFound } from '../../../src/platform/errors';
import { closeStore } from '../../support/store';
import {
  handover,
  history,
  hire,
  minute,
  openBench,
  queued,
  read,
  someone,
  talk,
  told,
  turn,
  writesAgain,
  type DeskBench,
} from './desk-bench';

let bench: DeskBench;
beforeEach(async () => void (bench = await openBench()));
afterEach(() => bench.close());
afterAll(closeStore);

const acts = () => bench.desk.acts;
const ticketOf = async (id: string | null) => bench.desk.tickets.byId(id ?? '');
const after = (minutes: number) => new Date(bench.clock.now().getTime() + minutes * minute);

test('of fifty who claim at once one wins, and all others hear who', async () => {
  const { _id } = await queued(bench, 'Ada');
  const claims = Array.from({ length: 50 }, (_, index) => acts().claim(_id, someone(`agent ${index}`)));
  const results = await Promise.allSettled(claims);
  const won = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  expect(won).toHaveLength(1);
  const owner = won[0]?.assignee;
  expect((await read(bench, _id)).assigneeId).toBe(owner?.id);
  for (const result of results)
    if (result.status === 'rejected')
      expect(result.reason).toMatchObject({ status: 409, code: 'already_claimed', details: { owner } });
});

test('claiming opens the conversation and its ticket, and leaves a line in the history', async () => {
  const row = await queued(bench, 'Ada');
  const view = await acts().claim(row._id, someone('li'));
  expect(view).toMatchObject({ status: 'open', assignee: { id: 'li', name: 'li' } });
  expect(await ticketOf(row.ticketId)).toMatchObject({ status: 'open', assigneeId: 'li' });
  expect(await history(bench, row.ticketId)).toMatchObject([
    { type: 'opened', actor: { kind: 'bot' }, cause: 'contact_asked' },
    {
      type: 'changed',
      cause: 'claimed',
      actor: { kind: 'agent', id: 'li' },
      before: { status: 'new', assigneeId: null },
      after: { status: 'open', assigneeId: 'li' },
    },
  ]);
});

test('what has gone to another team since it was read can be neither taken nor handed on', async () => {
  await bench.desk.agents.createTeam({ id: 'aftersales', name: '售后', memberIds: [] });
  const { _id } = await queued(bench, 'Ada');
  const seen = await read(bench, _id);
  await acts().transfer(_id, someone('wang', 'supervisor'), { teamId: 'aftersales' });
  await expect(acts().claim(seen, someone('li'))).rejects.toThrow(NotFound);
  await expect(acts().close(seen, someone('li'))).rejects.toThrow(NotFound);
  await expect(acts().transfer(seen, someone('li'), { teamId: 'aftersales' })).rejects.toThrow(NotFound);
  expect(await read(bench, _id)).toMatchObject({ status: 'queued', assigneeId: null, teamId: 'aftersales' });
  const view = await acts().claim(seen, someone('han', 'agent', ['aftersales']));
  expect(view.assignee?.id).toBe('han');
});

test('claiming what is yours already changes nothing', async () => {
  const { _id } = await queued(bench, 'Ada');
  await acts().claim(_id, someone('li'));
  const before = await read(bench, _id);
  await acts().claim(_id, someone('li'));
  expect(await read(bench, _id)).toEqual(before);
});

test('taking over from the bot opens one ticket, in the agent’s name', async () => {
  const { _id } = await talk(bench, 'Ada');
  const view = await acts().claim(_id, someone('li'));
  await acts().claim(_id, someone('li'));
  expect(view.ticket).toEqual({ id: expect.any(String), number: 1 });
  expect(await bench.desk.tickets.models.tickets.countDocuments()).toBe(1);
  expect(await history(bench, view.ticket?.id ?? '')).toMatchObject([
    { type: 'opened', actor: { kind: 'agent', id: 'li' } },
    { type: 'changed', after: { status: 'open', assigneeId: 'li' } },
  ]);
});

test('what an agent takes over is found by the number of its ticket', async () => {
  const { _id } = await talk(bench, 'Ada');
  const { ticket } = await acts().claim(_id, someone('li'));
  const query = { q: String(ticket?.number), limit: 10 };
  const found = await listConversations(bench.desk.conversations.model, someone('li').viewer, query);
  expect(found.items.map(({ id }) => id)).toEqual([_id]);
});

test('taken over in the middle of its handover, it still has one ticket', async () => {
  const row = await talk(bench, 'Ada');
  const at = bench.clock.now();
  const opened = await bench.desk.cases.openCase({ conversation: row, handover, at });
  const view = await acts().claim(row._id, someone('li'));
  const ticket = { id: opened.ticketId, number: opened.number };
  await bench.desk.conversations.recordTurn(row, turn(bench, { handover, ticket }));
  expect(view.ticket).toEqual(ticket);
  expect(await read(bench, row._id)).toMatchObject({ status: 'open', ticketId: ticket.id });
  expect(await bench.desk.tickets.models.tickets.countDocuments()).toBe(1);
});

test('returned to the queue it keeps its age', async () => {
  const row = await queued(bench, 'Ada');
  await acts().claim(row._id, someone('li'));
  bench.clock.advance(20 * minute);
  const view = await acts().returnToQueue(row._id, someone('li'));
  expect(view).toMatchObject({ status: 'queued', assignee: null, queuedAt: row.queuedAt?.toISOString() });
  expect(await ticketOf(row.ticketId)).toMatchObject({ assigneeId: null });
});

test.each(['snooze', 'returnToQueue'] as const)(
  '%s belongs to the owner, or to a supervisor',
  async (act) => {
    const { _id } = await queued(bench, 'Ada');
    const run = (session = someone('han')) => acts()[act](_id, session, after(10));
    await expect(run()).rejects.toMatchObject({ status: 409, code: 'not_claimed' });
    await acts().claim(_id, someone('li'));
    await expect(run()).rejects.toMatchObject({ status: 403, code: 'not_owner' });
    await expect(run(someone('wang', 'supervisor'))).resolves.toMatchObject({ id: _id });
  },
);

describe('handing on', () => {
  test('to a team it waits there, and leaves the sight of other teams', async () => {
    const row = await queued(bench, 'Ada');
    await bench.desk.agents.createTeam({ id: 'aftersales', name: '售后', memberIds: [] });
    await acts().claim(row._id, someone('li'));
    const view = await acts().transfer(row._id, someone('li'), { teamId: 'aftersales' });
    expect(view).toMatchObject({
      status: 'queued',
      assignee: null,
      team: { id: 'aftersales', name: '售后' },
    });
    expect(await ticketOf(row.ticketId)).toMatchObject({ teamId: 'aftersales', assigneeId: null });
    const require = (viewer = someone('li').viewer) => bench.desk.conversations.require(viewer, row._id);
    await expect(require()).rejects.toThrow(NotFound);
    await expect(require(someone('han', 'agent', ['aftersales']).viewer)).resolves.toBeDefined();
    await expect(require(someone('wang', 'supervisor').viewer)).resolves.toBeDefined();
  });

  test('to a colleague it is theirs at once', async () => {
    const { _id } = await queued(bench, 'Ada');
    const han = await hire(bench, 'han');
    await acts().claim(_id, someone('li'));
    const view = await acts().transfer(_id, someone('li'), { agentId: han.viewer.agentId });
    expect(view).toMatchObject({ status: 'open', assignee: { name: 'han' } });
  });

  test('nobody gives away what belongs to a colleague', async () => {
    const { _id } = await queued(bench, 'Ada');
    const han = await hire(bench, 'han');
    await acts().claim(_id, someone('li'));
    await expect(acts().transfer(_id, han, { agentId: han.viewer.agentId })).rejects.toThrow(Forbidden);
    await expect(acts().assign(_id, han, han.viewer.agentId)).rejects.toThrow(Forbidden);
  });

  test('only a supervisor gives work to others', async () => {
    const { _id } = await queued(bench, 'Ada');
    const han = await hire(bench, 'han');
    await expect(acts().assign(_id, someone('li'), han.viewer.agentId)).rejects.toThrow(Forbidden);
    const view = await acts().assign(_id, someone('wang', 'supervisor'), han.viewer.agentId);
    expect(view.assignee?.name).toBe('han');
  });

  test('not to someone who left, nor to a team that is none', async () => {
    const { _id } = await queued(bench, 'Ada');
    const han = await hire(bench, 'han');
    await bench.desk.agents.change(han.viewer.agentId, { enabled: false });
    const give = (to: { agentId?: string; teamId?: string }) => acts().transfer(_id, someone('li'), to);
    await expect(give({ agentId: han.viewer.agentId })).rejects.toThrow(InvalidInput);
    await expect(give({ agentId: 'nobody' })).rejects.toThrow(InvalidInput);
    await expect(give({ teamId: 'none' })).rejects.toThrow(InvalidInput);
  });
});

describe('snoozing', () => {
  test('rests until its time, and comes back to its owner', async () => {
    const row = await queued(bench, 'Ada');
    await acts().claim(row._id, someone('li'));
    await acts().snooze(row._id, someone('li'), after(30));
    expect(await ticketOf(row.ticketId)).toMatchObject({ status: 'pending' });
    bench.clock.advance(29 * minute);
    await acts().wakeSnoozed(bench.clock.now());
    expect((await read(bench, row._id)).status).toBe('snoozed');
    bench.clock.advance(minute);
    await acts().wakeSnoozed(bench.clock.now());
    expect(await read(bench, row._id)).toMatchObject({
      status: 'open',
      assigneeId: 'li',
      snoozedUntil: null,
    });
    expect(await ticketOf(row.ticketId)).toMatchObject({ status: 'open' });
  });

  test('ends when the contact writes', async () => {
    const row = await queued(bench, 'Ada');
    await acts().claim(row._id, someone('li'));
    await acts().snooze(row._id, someone('li'), after(30));
    bench.clock.advance(minute);
    await writesAgain(bench, row._id);
    expect(await read(bench, row._id)).toMatchObject({ status: 'open', snoozedUntil: null });
    expect(await ticketOf(row.ticketId)).toMatchObject({ status: 'open' });
  });

  test('is not for the past', async () => {
    const { _id } = await queued(bench, 'Ada');
    await acts().claim(_id, someone('li'));
    await expect(acts().snooze(_id, someone('li'), bench.clock.now())).rejects.toThrow(InvalidInput);
  });
});

describe('closing and opening again', () => {
  test('closing solves the ticket; opening again opens it', async () => {
    const row = await queued(bench, 'Ada');
    await acts().claim(row._id, someone('li'));
    expect(await acts().close(row._id, someone('li'), 'delivery')).toMatchObject({
      status: 'closed',
      closedAt: bench.clock.now().toISOString(),
    });
    expect(await ticketOf(row.ticketId)).toMatchObject({ status: 'solved', category: 'delivery' });
    expect(await read(bench, row._id)).toMatchObject({ isOpen: false, answeredBy: 'agent' });
    await acts().reopen(row._id, someone('han'));
    expect(await read(bench, row._id)).toMatchObject({
      isOpen: true,
      status: 'open',
      assigneeId: 'han',
      closedAt: null,
    });
    expect(await ticketOf(row.ticketId)).toMatchObject({ status: 'open', solvedAt: null, assigneeId: 'han' });
  });

  test('closing twice is one closing', async () => {
    const row = await queued(bench, 'Ada');
    await acts().close(row._id, someone('li'));
    bench.clock.advance(minute);
    const again = await acts().close(row._id, someone('li'));
    expect(again.closedAt).toBe(row.createdAt.toISOString());
    expect((await history(bench, row.ticketId)).filter((entry) => entry.cause === 'closed')).toHaveLength(1);
  });

  test('what is closed is not claimed, answered or handed on', async () => {
    const row = await queued(bench, 'Ada');
    await acts().close(row._id, someone('li'));
    for (const act of [
      () => acts().claim(row._id, someone('li')),
      () => acts().snooze(row._id, someone('li'), after(5)),
      () => acts().returnToQueue(row._id, someone('li')),
    ])
      await expect(act()).rejects.toMatchObject({ status: 409, code: 'closed' });
  });

  test('it stays closed while the contact has another one open', async () => {
    const first = await queued(bench, 'Ada');
    await acts().close(first._id, someone('li'));
    bench.clock.advance(minute);
    const second = await talk(bench, 'Ada');
    expect(second.previousId).toBe(first._id);
    await expect(acts().reopen(first._id, someone('li'))).rejects.toMatchObject({ code: 'another_is_open' });
    await acts().close(second._id, someone('li'));
    await expect(acts().reopen(first._id, someone('li'))).resolves.toMatchObject({ status: 'open' });
  });

  test('only what is closed is opened again', async () => {
    const { _id } = await queued(bench, 'Ada');
    await expect(acts().reopen(_id, someone('li'))).rejects.toThrow(Conflict);
  });
});

test('what an agent who is gone had open waits for the others; what rests stays theirs', async () => {
  const [open, resting] = [await queued(bench, 'Ada'), await queued(bench, 'Bob')];
  for (const { _id } of [open, resting]) await acts().claim(_id, someone('li'));
  await acts().snooze(resting._id, someone('li'), after(30));
  await acts().releaseAllOf('li');
  expect(await read(bench, open._id)).toMatchObject({
    status: 'queued',
    assigneeId: null,
    queuedAt: open.queuedAt,
  });
  expect(await ticketOf(open.ticketId)).toMatchObject({ assigneeId: null });
  expect(await read(bench, resting._id)).toMatchObject({ status: 'snoozed', assigneeId: 'li' });
});

describe('of two acts at once the ticket follows the later, whichever comes to it last', () => {
  /** Does something else between an act on the conversation and what it does to the ticket. */
  const meanwhile = (act: () => Promise<unknown>) => {
    const { cases } = bench.desk;
    const change = cases.change.bind(cases);
    cases.change = async (...given) => {
      cases.change = change;
      await act();
      return change(...given);
    };
  };
  const wang = someone('wang', 'supervisor');

  test('claimed, and given to a colleague', async () => {
    const row = await queued(bench, 'Ada');
    const han = await hire(bench, 'han');
    meanwhile(() => acts().assign(row._id, wang, han.viewer.agentId));
    const view = await acts().claim(row._id, someone('li'));
    expect(view.assignee?.name).toBe('han');
    expect(await ticketOf(row.ticketId)).toMatchObject({ status: 'open', assigneeId: 'ag_han' });
  });

  test('claimed, and closed', async () => {
    const row = await queued(bench, 'Ada');
    meanwhile(() => acts().close(row._id, wang, 'spam'));
    await acts().claim(row._id, someone('li'));
    expect(await ticketOf(row.ticketId)).toMatchObject({ status: 'solved', category: 'spam' });
    expect(await bench.desk.clocks.model.countDocuments({ state: 'running' })).toBe(0);
  });

  test('taken from who is gone, and given to a colleague', async () => {
    const row = await queued(bench, 'Ada');
    const han = await hire(bench, 'han');
    await acts().claim(row._id, someone('li'));
    meanwhile(() => acts().assign(row._id, wang, han.viewer.agentId));
    await acts().releaseAllOf('li');
    expect(await read(bench, row._id)).toMatchObject({ status: 'open', assigneeId: 'ag_han' });
    expect(await ticketOf(row.ticketId)).toMatchObject({ status: 'open', assigneeId: 'ag_han' });
  });

  test('woken, and put to rest again', async () => {
    const row = await queued(bench, 'Ada');
    await acts().claim(row._id, someone('li'));
    await acts().snooze(row._id, someone('li'), after(5));
    bench.clock.advance(5 * minute);
    meanwhile(() => acts().snooze(row._id, someone('li'), after(60)));
    await acts().wakeSnoozed(bench.clock.now());
    expect(await read(bench, row._id)).toMatchObject({ status: 'snoozed' });
    expect(await ticketOf(row.ticketId)).toMatchObject({ status: 'pending' });
  });
});

describe('when the store fails between a conversation and its ticket, the next round does both', () => {
  const failOnce = () => {
    const { cases } = bench.desk;
    const change = cases.change.bind(cases);
    cases.change = () => {
      cases.change = change;
      return Promise.reject(new Error('The store is away.'));
    };
  };

  test('of what wakes', async () => {
    const row = await queued(bench, 'Ada');
    await acts().claim(row._id, someone('li'));
    await acts().snooze(row._id, someone('li'), after(5));
    bench.clock.advance(5 * minute);
    failOnce();
    await expect(acts().wakeSnoozed(bench.clock.now())).rejects.toThrow();
    await acts().wakeSnoozed(bench.clock.now());
    expect(await read(bench, row._id)).toMatchObject({ status: 'open' });
    expect(await ticketOf(row.ticketId)).toMatchObject({ status: 'open' });
  });

  test('of what an agent leaves', async () => {
    const row = await queued(bench, 'Ada');
    await acts().claim(row._id, someone('li'));
    failOnce();
    await expect(acts().releaseAllOf('li')).rejects.toThrow();
    await acts().releaseAllOf('li');
    expect(await read(bench, row._id)).toMatchObject({ status: 'queued' });
    expect(await ticketOf(row.ticketId)).toMatchObject({ assigneeId: null });
  });
});

test('each act is told once, with the version that it made', async () => {
  const { _id } = await queued(bench, 'Ada');
  await acts().claim(_id, someone('li'));
  await acts().close(_id, someone('li'));
  const updates = (await told(bench)).filter(({ type }) => type === 'conversation:updated');
  const statuses = updates.map(
    ({ data }) => (data as { conversation: { status: string } }).conversation.status,
  );
  expect(statuses).toEqual(expect.arrayContaining(['queued', 'open', 'closed']));
  expect(new Set(updates.map(({ id }) => id)).size).toBe(updates.length);
});
