import type { Clock, Random } from './time.js';

/** A UUID version 7 (RFC 9562) in lower case: made by whoever makes the thing, ordered by time of making. */
export type Id = string;

export const ID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** A new UUIDv7: 48 bits of clock, 74 bits of chance. */
export function newId(clock: Pick<Clock, 'now'>, random: Random): Id {
  const bytes = random.bytes(new Uint8Array(16));
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  const now = Math.max(0, Math.floor(clock.now()));
  view.setUint32(0, Math.floor(now / 0x1_0000));
  view.setUint16(4, now % 0x1_0000);
  view.setUint8(6, (view.getUint8(6) & 0x0f) | 0x70);
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
