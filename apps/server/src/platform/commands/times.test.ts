import { expect, test } from 'vitest';
import { deviceTimes, officerTimes } from './times.js';

const at = (text: string) => Date.parse(`2026-11-22T${text}Z`);
const iso = (text: string) => `2026-11-22T${text}Z`;
const bootId = '01930000-0000-7000-8000-000000000000';

test("the server's last sample and the monotonic time since then beat the wall clock", () => {
  const clock = { bootId, monotonicMs: 90_000, sample: { serverAt: iso('14:00:00.000'), monotonicMs: 30_000 } };
  expect(deviceTimes({ madeAt: iso('18:00:00.000'), clock }, at('14:05:00'))).toEqual({
    claimedAt: at('18:00:00'),
    receivedAt: at('14:05:00'),
    correctedAt: at('14:01:00'),
    skewMs: at('18:00:00') - at('14:01:00'),
  });
});

test('without a sample the claim stands, its skew unknown', () => {
  expect(deviceTimes({ madeAt: iso('13:00:00.000'), clock: { bootId, monotonicMs: 5 } }, at('14:00:00'))).toMatchObject({
    correctedAt: at('13:00:00'),
    skewMs: null,
  });
});

test('a sample from after the act is of no use', () => {
  const clock = { bootId, monotonicMs: 5, sample: { serverAt: iso('14:00:00.000'), monotonicMs: 30_000 } };
  expect(deviceTimes({ madeAt: iso('13:00:00.000'), clock }, at('14:00:00'))).toMatchObject({ skewMs: null });
});

test('nothing was done after it arrived, and clocks wrong by centuries stay storable', () => {
  const clock = { bootId, monotonicMs: 1e15, sample: { serverAt: '9999-12-31T00:00:00.000Z', monotonicMs: 0 } };
  const times = deviceTimes({ madeAt: '9999-12-31T00:00:00.000Z', clock }, at('14:00:00'));
  expect(times.correctedAt).toBe(at('14:00:00'));
  expect(times.claimedAt).toBeLessThan(Date.UTC(2201, 0));
  expect(deviceTimes({ madeAt: '0000-01-01T00:00:00.000Z', clock: { bootId, monotonicMs: 1 } }, at('14:00:00')).correctedAt).toBe(Date.UTC(2000, 0, 1));
});

test('an officer acts when the command arrives', () => {
  expect(officerTimes(iso('13:00:00.000'), at('14:00:00'))).toEqual({
    claimedAt: at('13:00:00'),
    receivedAt: at('14:00:00'),
    correctedAt: at('14:00:00'),
    skewMs: -3_600_000,
  });
});
