import type { Instant } from '@sallyport/basics';
import type { DeviceEnvelope } from '@sallyport/contracts';
import type { ActTimes } from './arrival.js';

/** Clocks that are wrong by decades are kept within what the database and every screen can show. */
const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);

function claimOf(madeAt: string): Instant {
  return Math.min(Math.max(Date.parse(madeAt), EARLIEST), LATEST);
}

/**
 * The times of a device's act: its last sample of the server's clock and the monotonic time since then, where it has both;
 * else what its wall clock claims, with unknown skew. Nothing was done after it arrived.
 */
export function deviceTimes({ madeAt, clock }: Pick<DeviceEnvelope, 'madeAt' | 'clock'>, receivedAt: Instant): ActTimes {
  const claimedAt = claimOf(madeAt);
  const { sample, monotonicMs } = clock;
  if (!sample || monotonicMs < sample.monotonicMs) return { claimedAt, receivedAt, correctedAt: Math.min(claimedAt, receivedAt), skewMs: null };
  const measured = Math.round(claimOf(sample.serverAt) + monotonicMs - sample.monotonicMs);
  return { claimedAt, receivedAt, correctedAt: Math.min(measured, receivedAt), skewMs: claimedAt - Math.min(measured, LATEST) };
}

/** An officer acts on line: the server's clock is the time of the act. */
export function officerTimes(madeAt: string, receivedAt: Instant): ActTimes {
  const claimedAt = claimOf(madeAt);
  return { claimedAt, receivedAt, correctedAt: receivedAt, skewMs: claimedAt - receivedAt };
}
