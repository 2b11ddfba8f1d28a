import type { ConversationView } from '../../src/contract/conversations';
import { isWith, startJourney, type Journey, type Person } from '../support/journey';
import { closeStore } from '../support/store';

let journey: Journey;
let fileUrl: string;
let conversation: ConversationView;
beforeAll(async () => {
  journey = await startJourney();
  const admin = await journey.as('admin');
  const phone = journey.sandbox.telegram.customer('acme-telegram', 'file');
  await phone.sendText('talk to a human please');
  await phone.do({ kind: 'document' });
  [conversation] = (await admin.until(
    async () => (await admin.conversations('?status=queued&limit=100')).filter(isWith(phone)),
    (all) => all.length === 1,
    15_000,
  )) as [ConversationView];
  fileUrl = await admin.until(sentUrl, (url) => url !== '', 15_000);

  async function sentUrl() {
    const messages = await admin.messages(conversation.id);
    return messages.map(({ content }) => ('media' in content ? content.media.url : null)).find(Boolean) ?? '';
  }
}, 60_000);
afterAll(async () => {
  await journey.stop();
  await closeStore();
});

async function statusFor(person: Person): Promise<number> {
  const { token } = await journey.as(person);
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(journey.url + fileUrl, { headers });
  await answer.arrayBuffer();
  return answer.status;
}
const statuses = async () => ({
  li: await statusFor('li'),
  han: await statusFor('han'),
  supervisor: await statusFor('supervisor'),
  admin: await statusFor('admin'),
});

test("a customer's file is seen by who may see the conversation, and by nobody else", async () => {
  expect(await statuses()).toEqual({ li: 200, han: 200, supervisor: 200, admin: 200 });
  const admin = await journey.as('admin');
  const path = `/conversations/${conversation.id}/transfer`;
  expect((await admin.post(path, { teamId: 'aftersales' })).status).toBe(200);
  expect(await statuses()).toEqual({ li: 200, han: 404, supervisor: 200, admin: 200 });
  expect((await admin.post(path, { agentId: (await journey.as('han')).agent.id })).status).toBe(200);
  expect((await statuses()).han).toBe(200);
  expect((await fetch(journey.url + fileUrl)).status).toBe(401);
});
