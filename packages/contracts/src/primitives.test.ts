import { expect, test } from 'vitest';
import { enrolRequest, heartbeat } from './device.js';
import { rosterSave, slotKey } from './duty.js';
import { bridgeProof } from './envelope.js';
import { dateText } from './primitives.js';

const ID = '019aa000-0000-7000-8000-000000000000';
const key = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) };
const life = {
  build: '1.0',
  generation: ID,
  bootId: ID,
  lastSeq: 0,
  queued: 0,
  oldestQueuedAt: null,
  parked: 0,
  clockOffsetMs: 0,
  freeBytes: null,
  persisted: true,
  monotonicMs: 0,
};
const reader = { kind: 'bridge', person: { bed: 1 }, reader: 'face', bridgeId: 'b-1', nonce: 'A', signature: 'A' };

/* The database holds no NUL: such a text would fail there, as a fault of the server, and park a person's act. */
test('what a device says of itself and which reader vouches hold no control characters', () => {
  for (const text of ['\u0000', 'a\u0000b', 'a\nb']) {
    expect(enrolRequest.safeParse({ code: 'K7MT-3QXZ', publicKey: key, profile: { build: text, screen: 's', userAgent: 'u' } }).success).toBe(false);
    expect(heartbeat.safeParse({ ...life, build: text }).success).toBe(false);
    expect(bridgeProof.safeParse({ ...reader, bridgeId: text }).success).toBe(false);
  }
  expect(enrolRequest.safeParse({ code: 'K7MT-3QXZ', publicKey: key, profile: { build: '1.0', screen: '1280×800', userAgent: 'u' } }).success).toBe(true);
  expect(heartbeat.safeParse(life).success && bridgeProof.safeParse(reader).success).toBe(true);
});

test('dates and slots lie where the database and every clock can count', () => {
  for (const date of ['1900-01-01', '2026-11-22', '2199-12-31']) expect(dateText.safeParse(date).success, date).toBe(true);
  for (const date of ['0000-01-03', '1899-12-31', '2200-01-01', '9999-12-31', '2026-02-30']) expect(dateText.safeParse(date).success, date).toBe(false);
  expect(slotKey.safeParse('2026-11-22T22:00').success).toBe(true);
  for (const slot of ['0000-01-01T00:00', '9999-12-31T23:59', '2026-13-01T00:00', '2026-12-09T24:00'])
    expect(slotKey.safeParse(slot).success, slot).toBe(false);
});

test('a roster names every slot once, so that no seat depends on the order of a list', () => {
  const roster = (...starts: string[]) => ({ cell: '0101', week: '2026-12-07', seenVersion: 0, slots: starts.map((slot) => ({ slot, people: [] })) });
  expect(rosterSave.body.safeParse(roster('2026-12-07T12:00', '2026-12-08T12:00')).success).toBe(true);
  expect(rosterSave.body.safeParse(roster('2026-12-07T12:00', '2026-12-07T12:00')).success).toBe(false);
});
