import { expect, test } from 'vitest';
import { addUnrecordedCall, settleUnrecordedCall, unrecordedCalls } from './unrecorded-calls';

const call = { id: 'a', place: 'cell:0302', cell: '0302', at: '2026-11-22T00:00:00.000Z' };

test('a call that was not recorded stays until somebody goes there, and is kept once', () => {
  addUnrecordedCall(call);
  addUnrecordedCall({ ...call });
  expect(unrecordedCalls()).toEqual([call]);
  settleUnrecordedCall('b');
  expect(unrecordedCalls()).toHaveLength(1);
  settleUnrecordedCall('a');
  expect(unrecordedCalls()).toEqual([]);
});
