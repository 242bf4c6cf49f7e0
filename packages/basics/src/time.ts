/** A moment: milliseconds since 1970-01-01T00:00:00Z, as an integer. */
export type Instant = number;

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The only source of time. Rules receive instants; only the edges hold a Clock. */
export interface Clock {
  /** Wall clock of the site, in milliseconds since the epoch. May jump. */
  now(): Instant;
  /** Milliseconds since an arbitrary start. Never goes backwards. */
  monotonic(): number;
}

/** The only source of chance, so that a seed replays a run. */
export interface Random {
  /** Fills and returns the array with uniformly distributed bytes. */
  bytes(array: Uint8Array): Uint8Array;
}

/** A number in [0, 1) with 32 bits of chance. */
export function fraction(random: Random): number {
  const bytes = random.bytes(new Uint8Array(4));
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) / 2 ** 32;
}
