import { defaultPolicy } from '@sallyport/contracts';
import { expect, test } from 'vitest';
import { differences } from './difference';
import { emptyOf, valueAt, withValue } from './schema';

test('one value is changed and everything else is kept', () => {
  const changed = withValue(defaultPolicy, ['duty', 'windows', 0, 'start'], '11:30');
  expect(valueAt(changed, ['duty', 'windows', 0, 'start'])).toBe('11:30');
  expect(changed.duty.windows[1]).toEqual(defaultPolicy.duty.windows[1]);
  expect(differences(defaultPolicy, changed).map(({ path }) => path)).toEqual(['duty.windows']);
});
test('a new item of a list is one that the schema takes', () => {
  expect(emptyOf({ type: 'object', properties: { at: { type: 'string', pattern: 'x' }, activity: { type: 'string', enum: ['rise'] } } })).toEqual({
    at: '12:00',
    activity: 'rise',
  });
});
