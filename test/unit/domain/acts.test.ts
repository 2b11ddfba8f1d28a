import {
  refuseClaim,
  refuseHandingOn,
  refuseOwnersAct,
  refuseReopening,
  type Refusal,
} from '../../../src/domain/acts';
import { statusAfterContactWrote, type ConversationStatus } from '../../../src/domain/conversation';
import type { Role, Viewer } from '../../../src/domain/role';

const viewer = (role: Role): Viewer => ({ agentId: 'me', role, teamIds: [] });
type Row = [ConversationStatus, 'me' | 'other' | null, Role, Refusal | null];

test.each<Row>([
  ['queued', null, 'agent', null],
  ['bot', null, 'agent', null],
  ['open', 'me', 'agent', null],
  ['open', 'other', 'agent', 'already_claimed'],
  ['snoozed', 'other', 'agent', 'already_claimed'],
  ['open', 'other', 'admin', 'already_claimed'],
  ['closed', null, 'admin', 'closed'],
])('claiming what is %s and owned by %s, as %s: %s', (status, assigneeId, role, expected) => {
  expect(refuseClaim({ status, assigneeId }, viewer(role))).toBe(expected);
});

test.each<Row>([
  ['open', 'me', 'agent', null],
  ['snoozed', 'me', 'agent', null],
  ['open', 'other', 'agent', 'not_owner'],
  ['open', 'other', 'supervisor', null],
  ['queued', null, 'agent', 'not_claimed'],
  ['queued', null, 'supervisor', 'not_claimed'],
  ['bot', null, 'admin', 'not_claimed'],
  ['closed', 'me', 'agent', 'closed'],
])('answering what is %s and owned by %s, as %s: %s', (status, assigneeId, role, expected) => {
  expect(refuseOwnersAct({ status, assigneeId }, viewer(role))).toBe(expected);
});

test.each<Row>([
  ['queued', null, 'agent', null],
  ['open', 'me', 'agent', null],
  ['open', 'other', 'agent', 'not_owner'],
  ['open', 'other', 'supervisor', null],
  ['closed', 'me', 'agent', 'closed'],
])('handing on what is %s and owned by %s, as %s: %s', (status, assigneeId, role, expected) => {
  expect(refuseHandingOn({ status, assigneeId }, viewer(role))).toBe(expected);
});

test('only what is closed is opened again', () => {
  expect(refuseReopening({ status: 'closed', assigneeId: null })).toBeNull();
  expect(refuseReopening({ status: 'open', assigneeId: null })).toBe('not_closed');
});

test.each<[ConversationStatus, boolean, ConversationStatus]>([
  ['bot', false, 'bot'],
  ['queued', false, 'queued'],
  ['open', true, 'open'],
  ['pending', true, 'open'],
  ['snoozed', true, 'open'],
  ['snoozed', false, 'queued'],
])('after the contact wrote, %s (owned: %s) is %s', (status, isOwned, expected) => {
  expect(statusAfterContactWrote(status, isOwned)).toBe(expected);
});
