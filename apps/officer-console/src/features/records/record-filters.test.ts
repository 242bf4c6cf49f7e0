import { expect, test } from 'vitest';
import { NO_FILTER, searchOf } from './record-filters';

test('half-typed filters are not asked', () => {
  expect(searchOf({ ...NO_FILTER, person: '2026', from: '2026-1' })).toEqual({});
  expect(searchOf({ ...NO_FILTER, person: '20260012', kind: 'LATE' })).toEqual({ person: '20260012', anomaly: 'LATE' });
});
test('a slot needs one single day', () => {
  expect(searchOf({ ...NO_FILTER, from: '2026-11-22', to: '2026-11-23', time: '21:30' })).toEqual({ from: '2026-11-22', to: '2026-11-23' });
  expect(searchOf({ ...NO_FILTER, from: '2026-11-22', to: '2026-11-22', time: '21:30' })).toMatchObject({ slot: '2026-11-22T21:30' });
});
