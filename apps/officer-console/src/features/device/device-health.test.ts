import type { DeviceView } from '@sallyport/contracts';
import { describe, expect, test } from 'vitest';
import { missingRecords, needsALook } from './device-health';

const device: DeviceView = {
  id: '019390a0-0000-7000-8000-000000000001',
  place: 'cell:0101',
  state: 'active',
  enrolledAt: '2026-11-22T00:00:00.000Z',
  confirmedBy: null,
  checkValue: null,
  keyThumbprint: '',
  online: 'online',
  lastSeenAt: null,
  build: '1',
  clockOffsetMs: 20,
  queued: 0,
  oldestQueuedAt: null,
  freeBytes: null,
  persisted: true,
  gaps: [],
  workItem: null,
};
const gap = (filled: boolean) => ({ generation: device.id, fromSeq: 4, toSeq: 6, noticedAt: device.enrolledAt, filled });

describe('which terminals need a look', () => {
  test('a healthy one does not, nor one that is out of use', () => {
    expect(needsALook(device, '1')).toBe(false);
    expect(needsALook({ ...device, state: 'revoked', online: 'lost' }, '2')).toBe(false);
  });
  test.each<Partial<DeviceView>>([
    { state: 'waiting' },
    { online: 'silent' },
    { build: '0' },
    { clockOffsetMs: -9_000 },
    { gaps: [gap(false)] },
    { persisted: false },
  ])('%o does', (part) => expect(needsALook({ ...device, ...part }, '1')).toBe(true));
  test('a gap that was filled is none', () => {
    expect(missingRecords({ ...device, gaps: [gap(true), gap(false)] })).toBe(3);
  });
});
