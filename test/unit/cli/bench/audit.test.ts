import { audit, auditCell, isClean, type Sent } from '../../../../src/cli/bench/path/audit';
import { planMessages, redelivered } from '../../../../src/cli/bench/path/conversations';
import { articleCount, articleIn, questionOf } from '../../../../src/cli/bench/path/faq';
import { externalIdOf, requestOf } from '../../../../src/cli/bench/path/profiles';

const planned = planMessages(12, { firstUser: 1_000, atOnce: 2, perUser: 3 });
const sent: Sent[] = planned.map((message) => ({ ...message, isAcknowledged: true }));
const answers = planned.map(({ user, article }) => ({ user, article }));
const all = () => true;

test('customers write in turn, each so many messages, and ask nothing twice', () => {
  expect(planned.slice(0, 6).map(({ user, turn }) => [user, turn])).toEqual([
    [1_000, 0], [1_001, 0], [1_000, 1], [1_001, 1], [1_000, 2], [1_001, 2],
  ]); // prettier-ignore
  expect(planned[6]?.user).toBe(1_002);
  const many = planMessages(400, { firstUser: 0, atOnce: 2, perUser: articleCount });
  expect(new Set(many.map(({ user, article }) => `${user}:${article}`)).size).toBe(400);
  expect(() => planMessages(1, { firstUser: 0, atOnce: 1, perUser: articleCount + 1 })).toThrow(
    /At most 200/,
  );
});

test('everything answered once, in order, and kept is clean', () => {
  const found = audit(sent, answers, all);
  expect(isClean(found)).toBe(true);
  expect(auditCell(found)).toBe('0/0');
});

test('a message that is delivered twice is answered once, and lost once', () => {
  const twice = redelivered(sent, { oneIn: 3, later: 2 });
  expect(twice.map(({ seq }) => seq)).toEqual([0, 1, 2, 0, 3, 4, 5, 3, 6, 7, 8, 6, 9, 10, 11, 9]);
  expect(isClean(audit(twice, answers, all))).toBe(true);
  expect(audit(twice, answers.slice(1), all).lost).toBe(1);
  expect(audit(twice, [...answers, ...answers.slice(0, 1)], all).doubled).toBe(1);
});

test('what was acknowledged and never answered is lost; what was refused is not', () => {
  expect(audit(sent, answers.slice(1), all).lost).toBe(1);
  const refused = sent.map((message) => ({ ...message, isAcknowledged: message.seq !== 0 }));
  expect(isClean(audit(refused, answers.slice(1), all))).toBe(true);
});

test('a second reply is doubled, also when another came between', () => {
  const [first = { user: 0, article: 0 }] = answers;
  expect(audit(sent, [...answers, first, first], all)).toMatchObject({ doubled: 2, reordered: 0, lost: 0 });
});

test('a reply that overtakes one to an earlier message is out of order', () => {
  const swapped = [...answers];
  [swapped[0], swapped[2]] = [swapped[2] ?? answers[0]!, swapped[0] ?? answers[0]!];
  expect(audit(sent, swapped, all)).toMatchObject({ reordered: 1, lost: 0, doubled: 0 });
});

test('a reply to nothing that was asked, and a message that is not in the store, are told', () => {
  const found = audit(sent, [...answers, { user: 1_000, article: -1 }], ({ seq }) => seq !== 3);
  expect(auditCell(found)).toBe('0/0 1 unstored 1 strange');
});

test('every article has a question of its own', () => {
  const questions = Array.from({ length: articleCount }, (_unused, article) => questionOf(article));
  expect(new Set(questions).size).toBe(articleCount);
  expect([articleIn('Answer 17: wipe it.'), articleIn('Good day!')]).toEqual([17, -1]);
});

test.each(['telegram', 'wechat', 'bare'] as const)(
  'every message of %s has an id and a signature',
  (profile) => {
    const target = { profile, url: '', path: '/hook', secret: 'hush' };
    expect(new Set(planned.map((message) => externalIdOf(profile, message))).size).toBe(planned.length);
    const bodies = planned.map((message) => requestOf[profile](target, message));
    expect(new Set(bodies.map(({ body }) => body)).size).toBe(planned.length);
    const signed = bodies.map(({ path, headers }) => `${path} ${JSON.stringify(headers)}`);
    expect(signed.every((one) => /signature=[0-9a-f]{40}|"x-signature"|secret-token":"hush"/.test(one))).toBe(
      true,
    );
  },
);
