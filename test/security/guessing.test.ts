import { randomBytes, randomUUID } from 'node:crypto';
import { ApiClient } from '../support/api-client';
import { startJourney, type Journey } from '../support/journey';
import { closeStore } from '../support/store';

const guesses = Number(process.env['PARLEY_GUESSES'] ?? 300);
let journey: Journey;
/** For each test people and addresses of its own: what was counted stays counted for a quarter of an hour. */
const fresh = Array.from({ length: 10 }, (_unused, index) => ({
  email: `p${index}@acme.test`,
  password: randomBytes(8).toString('hex'),
  name: `P${index}`,
  role: 'agent' as const,
  skills: [],
  languages: [],
  capacity: 5,
}));
let lastNet = 0;
const nextNet = () => `10.${++lastNet}`;

beforeAll(async () => {
  journey = await startJourney((config) => {
    config.trustProxy = 1;
    config.team.agents.push(...fresh);
  });
}, 60_000);
afterAll(async () => {
  await journey.stop();
  await closeStore();
});

const nextPerson = () => {
  const person = fresh.pop();
  if (!person) throw new Error('Seed more people.');
  return person;
};

/** One proxy is in front: it says for which address it passes a request on. */
async function signIn(email: string, password: string, address: string, cookie = '') {
  const answer = await fetch(`${journey.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address, cookie },
    body: JSON.stringify({ email, password }),
  });
  const text = await answer.text();
  return { status: answer.status, text, cookies: answer.headers.getSetCookie().map((one) => one.split(';')[0] ?? '') };
} // prettier-ignore

/** Tries them a few dozen at a time, and counts what was answered. */
async function count(tries: number, attempt: (index: number) => Promise<{ status: number }>) {
  const found: Record<number, number> = {};
  for (let from = 0; from < tries; from += 40) {
    const some = Array.from({ length: Math.min(40, tries - from) }, (_unused, index) => attempt(from + index));
    for (const { status } of await Promise.all(some)) found[status] = (found[status] ?? 0) + 1;
  }
  return found;
} // prettier-ignore

test('guesses at one person from ever new addresses: ten are looked at', async () => {
  const { email } = nextPerson();
  const address = manyIn(nextNet());
  const found = await count(guesses, (index) => signIn(email, `guess ${index}`, address(index)));
  expect(found).toEqual({ 401: 10, 429: guesses - 10 });
}, 300_000);

test('guesses from one address at ever new people: ten are looked at', async () => {
  const { email, password } = nextPerson();
  const net = nextNet();
  const found = await count(guesses, (index) => signIn(`q${index}@acme.test`, 'password1', `${net}.0.1`));
  expect(found).toEqual({ 401: 10, 429: guesses - 10 });
  // Nobody else is kept out.
  expect((await signIn(email, password, `${net}.0.2`)).status).toBe(201);
}, 300_000);

test('of IPv6 a whole household is one address', async () => {
  const found = await count(20, (index) => signIn(`r${index}@acme.test`, 'x', `2001:db8:1:2::${index + 1}`));
  expect(found).toEqual({ 401: 10, 429: 10 });
  expect((await signIn('r1@acme.test', 'x', '2001:db8:1:3::1')).status).toBe(401);
});

test('whoever has a password of their own gets no more guesses by using it in between', async () => {
  const { email, password } = nextPerson();
  const address = `${nextNet()}.0.1`;
  const found: number[] = [];
  for (let index = 0; index < 12; index++) {
    found.push((await signIn(`s${index}@acme.test`, 'x', address)).status);
    await signIn(email, password, address);
  }
  expect(found.filter((status) => status === 401)).toHaveLength(10);
  expect(found.slice(10)).toEqual([429, 429]);
});

test('while a person is being guessed at, the person still comes in where they were before', async () => {
  const { email, password } = nextPerson();
  const [net, home] = [manyIn(nextNet()), `${nextNet()}.0.1`];
  const { cookies } = await signIn(email, password, home);
  const device = cookies.find((one) => one.startsWith('parley_device=')) ?? '';
  await count(12, (index) => signIn(email, 'guess', net(index)));
  expect((await signIn(email, password, home)).status).toBe(429);
  expect((await signIn(email, password, home, device)).status).toBe(201);

  // What the browser keeps is not made by hand, helps no other person, and has ten guesses of its own.
  const [name = '', signature = ''] = device.split('=')[1]?.split('.') ?? [];
  const forged = [
    `${name}.${signature.slice(1)}`,
    `x${name}.${signature}`,
    name,
    `${name}.`,
    `.${signature}`,
    '',
  ];
  for (const one of forged)
    expect((await signIn(email, password, net(100), `parley_device=${one}`)).status).toBe(429);
  const other = nextPerson().email;
  expect(await count(12, (index) => signIn(other, 'guess', net(200 + index), device))).toEqual({
    401: 10,
    429: 2,
  });
  expect(await count(12, (index) => signIn(email, 'guess', net(300 + index), device))).toEqual({
    401: 10,
    429: 2,
  });
});

test('nothing tells who is there: not the answer to a wrong password, not the one to too many', async () => {
  const net = manyIn(nextNet());
  const answers: string[][] = [];
  for (const [at, email] of [nextPerson().email, `${randomUUID()}@acme.test`].entries()) {
    const said = new Set<string>();
    for (let index = 0; index < 12; index++) {
      const { status, text } = await signIn(email, 'guess', net(at * 100 + index));
      said.add(`${status} ${text}`);
    }
    answers.push([...said]);
  }
  expect(answers[0]).toEqual(answers[1]);
  expect(answers[0]).toHaveLength(2);
});

test('empty values are no password and no person', async () => {
  const { email, password } = nextPerson();
  const net = manyIn(nextNet());
  const tried = [
    [email, ''],
    ['', password],
    ['', ''],
    [' ', ' '],
    [email, ` ${password}`],
    [email, `${password}\0`],
  ];
  for (const [index, [who = '', what = '']] of tried.entries())
    expect([400, 401]).toContain((await signIn(who, what, net(index))).status);
});

test('an open console does not help to find out its password', async () => {
  const { email, password } = nextPerson();
  const client = await ApiClient.signIn(journey.url, email, password);
  const change = (current: string) =>
    client.call('PUT', '/agents/me/password', { current, next: 'something longer' });
  expect(await count(12, (index) => change(`guess ${index}`))).toEqual({ 403: 10, 429: 2 });
  expect((await change(password)).status).toBe(429);
  expect((await client.get('/session')).status).toBe(200);
});

test('a session that has ended opens nothing again, and a sign-in gives another than the one it came with', async () => {
  const { email, password } = nextPerson();
  const client = await ApiClient.signIn(journey.url, email, password);
  expect((await client.call('DELETE', '/session')).status).toBe(204);
  expect((await client.get('/session')).status).toBe(401);
  const brought = await signIn(email, password, `${nextNet()}.0.1`, `parley_session=${client.token}`);
  expect(brought.status).toBe(201);
  expect(brought.text).not.toContain(client.token);
  expect((await client.get('/session')).status).toBe(401);
});

const manyIn = (net: string) => (index: number) => `${net}.${index >> 8}.${index & 255}`;
