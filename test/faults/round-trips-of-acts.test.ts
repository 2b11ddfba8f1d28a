import type { Session } from '../../src/platform/http/api';
import { openPathBench, type PathBench } from '../support/path-bench';
import { inboundOf, type PathNode } from '../support/path-node';
import { closeStore } from '../support/store';

let bench: Awaited<ReturnType<typeof openPathBench>>;
beforeAll(async () => (bench = await openPathBench()));
afterAll(async () => {
  await bench.close();
  await closeStore();
});

const password = 'correct horse battery';
const li = {
  email: 'li@acme.test', password, name: 'Li', role: 'agent' as const, skills: [], languages: [], capacity: 5,
}; // prettier-ignore

/** An agent and a conversation that they have taken, on a server where nothing else asks the store. */
async function atDesk({ node, deliver, drained, witness }: PathBench) {
  const server = await node('a');
  const { desk } = server;
  await desk.agents.create(li);
  const { token } = await desk.sessions.signIn(li.email, password, { address: '10.0.0.1', device: null });
  await deliver(server, inboundOf('ann', 1, 'a person please'));
  await drained();
  const session = await desk.sessions.authenticate(token);
  const found = await witness.collection<{ _id: string }>('conversations').findOne();
  if (!session || !found) throw new Error('Nobody is at the desk.');
  await desk.acts.claim(found._id, session);
  await drained();
  await server.pipeline.stop();
  await server.relay.stop();
  return { server, token, session, id: found._id };
}

type Act = 'addNote' | 'sendMessage';
const post = (
  { desk }: PathNode,
  act: Act,
  { id, session }: { id: string; session: Session },
  body: object,
) =>
  desk.handlers[act]({
    params: { id },
    session,
    body: () => body,
    http: { response: { status: () => undefined } },
  } as never);

/** What an act asks of the store, and how much of it waits one for the other. */
async function asked({ failpoints }: PathNode, act: () => Promise<unknown>) {
  const { steps, turns } = failpoints;
  await act();
  return { trips: failpoints.steps - steps, turns: failpoints.turns - turns };
}

test('a request of someone who was here before is signed in by reads that do not wait for each other', () =>
  bench.scene(async (scene) => {
    const { server, token } = await atDesk(scene);
    expect(await asked(server, () => server.desk.sessions.authenticate(token))).toEqual({ trips: 3, turns: 1 });
  })); // prettier-ignore

test('a note waits for one step of reading and three of writing', () =>
  bench.scene(async (scene) => {
    const { server, ...whose } = await atDesk(scene);
    const note = { text: 'called back', clientMessageId: 'n1' };
    expect(await asked(server, () => post(server, 'addNote', whose, note))).toEqual({ trips: 5, turns: 4 });
    // Again: it stands, and is told of again.
    const again = await asked(server, () => post(server, 'addNote', whose, note));
    expect(again.trips).toBeLessThanOrEqual(4);
    const unnamed = () => post(server, 'addNote', whose, { text: 'and again' });
    expect(await asked(server, unnamed)).toEqual({ trips: 4, turns: 4 });
  }));

test('a reply asks the store for twelve things, and at most eight of them wait for another', () =>
  bench.scene(async (scene) => {
    const { server, ...whose } = await atDesk(scene);
    const reply = { text: 'on its way', clientMessageId: 'r1', lastSeenSeq: 100 };
    const { trips, turns } = await asked(server, () => post(server, 'sendMessage', whose, reply));
    process.stdout.write(`a reply: ${trips} round trips, ${turns} begun while nothing else was under way\n`);
    expect(trips).toBe(12);
    expect(turns).toBeLessThanOrEqual(8);
  })); // prettier-ignore
