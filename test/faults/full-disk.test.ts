import { join } from 'node:path';
import { startJourney, type Journey } from '../support/journey';
import { mountSmallDisk } from '../support/small-disk';
import { TelegramApi } from '../support/telegram-api';
import { until } from '../support/until';

const disk = process.env['TEST_MONGODB_URL'] ? null : mountSmallDisk(64);
const onSmallDisk = disk ? test : test.skip;
const question = 'how long until my order ships?';

let journey: Journey | null = null;
let telegram: TelegramApi | null = null;
// lmdb tells the console too why a commit failed.
beforeAll(() => void (console.error = () => undefined));
afterAll(async () => {
  disk?.makeRoom();
  await journey?.stop();
  await telegram?.close();
  disk?.remove();
}, 30_000);

onSmallDisk(
  'on a full disk webhooks are told 503 and nothing is promised; with room again all goes on by itself',
  async () => {
    telegram = await TelegramApi.start();
    journey = await startJourney((config) => {
      config.dataDir = join(disk?.folder ?? '', 'data');
      const bot = config.channels.find(({ id }) => id === 'acme-telegram');
      Object.assign(bot?.configuration ?? {}, { apiBaseUrl: telegram?.url });
    });
    const { url, config } = journey;
    const admin = await journey.as('admin');
    const secret = String(
      config.channels.find(({ id }) => id === 'acme-telegram')?.configuration['secretToken'],
    );
    const readiness = async () => {
      const answer = await fetch(`${url}/readyz`);
      return { ...((await answer.json()) as { reason: string | null }), status: answer.status };
    };
    let lastId = 0;
    const update = (user: number, text: string) => {
      const from = { id: user, is_bot: false, first_name: `Full ${user}` };
      const message = {
        message_id: ++lastId,
        date: 1_790_000_000,
        chat: { id: user, type: 'private' },
        from,
        text,
      };
      return JSON.stringify({ update_id: lastId, message });
    };
    const post = async (body: string) => {
      const headers = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret };
      return (await fetch(`${url}/webhooks/acme-telegram`, { method: 'POST', headers, body })).status;
    };
    const acceptedBy = (user: number) => telegram?.accepted.filter(({ chatId }) => chatId === user).length;

    const users = Array.from({ length: 60 }, (_unused, at) => 910_001 + at);
    const updates = users.map((user) => ({ user, body: update(user, `${question} ${'x'.repeat(3_000)}`) }));
    expect(await post(update(910_000, question))).toBe(200);
    const [early] = await until(
      () => admin.conversations(),
      ({ length }) => length > 0,
    );
    // Some are on their way through the pipeline when the room ends.
    const told = new Map<number, number[]>(users.map((user) => [user, []]));
    const deliver = async ({ user, body }: (typeof updates)[number]) =>
      told.get(user)?.push(await post(body));
    await Promise.all(updates.slice(0, 10).map(deliver));
    disk?.fill();
    for (const one of updates.slice(10)) await deliver(one);
    const statuses = [...told.values()].flat();
    expect(new Set(statuses)).toEqual(new Set([200, 503]));
    expect(await until(readiness, ({ status }) => status === 503)).toMatchObject({
      reason: expect.stringMatching(/disk of the store is full/),
    });
    // What is there can be read; what cannot be kept is refused, and said to be so.
    expect((await admin.get('/conversations?limit=100')).status).toBe(200);
    const note = () => admin.post(`/conversations/${early?.id}/notes`, { text: 'y'.repeat(4_000) });
    const noted = await until(note, ({ status }) => status !== 201);
    expect(noted).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } });

    disk?.makeRoom();
    await until(readiness, ({ status }) => status === 200);
    for (const one of updates) await deliver(one);
    expect(users.filter((user) => told.get(user)?.at(-1) !== 200)).toEqual([]);
    for (const user of users) {
      const [conversation] = await until(
        async () =>
          (await admin.conversations('?limit=100')).filter(({ contact }) => contact.name === `Full ${user}`),
        ({ length }) => length === 1,
      );
      const messages = await admin.until(
        () => admin.messages(conversation?.id ?? ''),
        (all) => all.length > 1 && all.every(({ delivery }) => delivery !== 'pending'),
        30_000,
      );
      expect(messages.map(({ author }) => author)).toEqual(['contact', 'bot']);
      expect([user, messages[1]?.delivery, acceptedBy(user)]).toEqual([user, 'sent', 1]);
    }
  },
  120_000,
);
