import { hidesFromSome, type Audience } from '../../../src/domain/role';

const of = (teamId: string | null, ...agentIds: string[]): Audience => ({ teamId, agentIds });

test.each<[string, Audience, Audience, boolean]>([
  ['stays with its team', of('sales'), of('sales'), false],
  ['gets an owner', of('sales'), of('sales', 'li'), false],
  ['comes to all', of('sales', 'li'), of(null), false],
  ['goes to another team', of('sales'), of('care'), true],
  ['goes to another team with its owner', of('sales', 'li'), of('care', 'li'), true],
  ['goes from all to a team', of(null), of('care'), true],
  ['loses its owner', of('sales', 'li'), of('sales'), true],
  ['goes to another owner', of('sales', 'li'), of('sales', 'han'), true],
])('what %s: %j to %j, hidden from some: %s', (_what, before, after, hides) => {
  expect(hidesFromSome(before, after)).toBe(hides);
});
