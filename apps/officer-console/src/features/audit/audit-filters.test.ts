import { expect, test } from 'vitest';
import { NO_FILTER, searchOf } from './audit-filters';

test('days are days of the site, the last one included', () => {
  expect(searchOf({ ...NO_FILTER, from: '2026-11-22', to: '2026-11-22' }, 'Asia/Shanghai')).toEqual({
    from: '2026-11-21T16:00:00.000Z',
    to: '2026-11-22T16:00:00.000Z',
  });
});
test('half-typed filters are not asked', () => {
  expect(searchOf({ ...NO_FILTER, cell: '01', action: ' ', outcome: '' }, 'Asia/Shanghai')).toEqual({});
  expect(searchOf({ ...NO_FILTER, cell: '0101', action: 'person.view' }, 'Asia/Shanghai')).toEqual({ cell: '0101', action: 'person.view' });
});
