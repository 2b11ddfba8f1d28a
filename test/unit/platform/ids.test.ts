import { derivedId, newId, sortableId } from '../../../src/platform/ids';

test('a derived id is the same for the same parts and differs where parts meet elsewhere', () => {
  expect(derivedId('ms', 'a', 'bc')).toBe(derivedId('ms', 'a', 'bc'));
  expect(derivedId('ms', 'a', 'bc')).not.toBe(derivedId('ms', 'ab', 'c'));
  expect(derivedId('ms', 'a|1:b')).not.toBe(derivedId('ms', 'a', 'b'));
});

test('sortable ids sort by time, also inside one millisecond and when the clock goes back', () => {
  const at = new Date('2026-10-12T02:00:00Z');
  const ids = [at, at, new Date(at.getTime() + 1), at].map(sortableId);
  expect([...ids].sort()).toEqual(ids);
});

test('new ids name their kind and do not repeat', () => {
  const ids = Array.from({ length: 1_000 }, () => newId('cv'));
  expect(new Set(ids).size).toBe(1_000);
  expect(ids.every((id) => /^cv_[\w-]{22}$/.test(id))).toBe(true);
});
