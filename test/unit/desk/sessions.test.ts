import * as argon2 from '@node-rs/argon2';
import { sessionMs } from '../../../src/desk/agents/sessions';
import { closeStore } from '../../support/store';
import { hire, minute, openBench, password, type DeskBench } from './desk-bench';

jest.mock('@node-rs/argon2', () => {
  const actual = jest.requireActual<typeof argon2>('@node-rs/argon2');
  return { ...actual, verify: jest.fn(actual.verify) };
});
const { verify } = jest.requireActual<typeof argon2>('@node-rs/argon2');
const next = 'another horse battery';

let bench: DeskBench;
beforeEach(async () => (bench = await openBench()));
afterEach(() => bench.close());
afterAll(closeStore);

/** The next check of a password is followed by this, before what it checked for goes on. */
const afterCheck = (act: () => Promise<unknown>) =>
  jest.mocked(argon2.verify).mockImplementationOnce(async (hash, given) => {
    const isRight = await verify(hash, given);
    await act();
    return isRight;
  });

const signIn = (given: string) =>
  bench.desk.sessions.signIn('li@acme.test', given, { address: '127.0.0.1', device: null });

test('who signs in while the password is changed gets no session by the old one', async () => {
  const li = await hire(bench, 'li');
  afterCheck(() => bench.desk.sessions.changePassword(li, password, next));
  await expect(signIn(password)).rejects.toThrow('wrong');
  expect(await bench.connection.collection('sessions').countDocuments()).toBe(0);
  expect((await signIn(next)).agent._id).toBe(li.viewer.agentId);
});

test('of two who change a password at once the first counts', async () => {
  const li = await hire(bench, 'li');
  afterCheck(() =>
    bench.connection.collection('agents').updateOne({}, { $set: { passwordHash: 'changed meanwhile' } }),
  );
  await expect(bench.desk.sessions.changePassword(li, password, next)).rejects.toThrow('wrong');
  const agent = await bench.connection.collection('agents').findOne();
  expect(agent?.['passwordHash']).toBe('changed meanwhile');
});

const standing = async (tokenHash: string) =>
  (await bench.desk.sessions.standing([tokenHash])).get(tokenHash);

test('a session that is looked at is as it is now, and lasts no longer for it', async () => {
  await hire(bench, 'li');
  const { token, agent } = await signIn(password);
  const tokenHash = (await bench.desk.sessions.authenticate(token))?.tokenHash ?? '';
  bench.clock.advance(sessionMs - minute);
  await bench.desk.agents.createTeam({ id: 'care', name: 'Care', memberIds: [agent._id] });
  expect((await standing(tokenHash))?.viewer.teamIds).toEqual(['care']);
  bench.clock.advance(minute);
  expect(await standing(tokenHash)).toBeUndefined();
});

test('a session of someone who may not sign in any longer does not stand', async () => {
  await hire(bench, 'li');
  const { token } = await signIn(password);
  const tokenHash = (await bench.desk.sessions.authenticate(token))?.tokenHash ?? '';
  await bench.connection.collection('agents').updateOne({}, { $set: { enabled: false } });
  expect(await standing(tokenHash)).toBeUndefined();
});
