import { DAY, type Id, type Instant, MINUTE, SECOND } from '@sallyport/basics';
import type { PolicyDocument } from '@sallyport/contracts';

/** A wrong PIN that counts. */
export interface PinFailure {
  /** Kind of the act that it was for. */
  readonly kind: string;
  readonly device: Id;
  readonly replayed: boolean;
  /** When it was typed, on the server's clock as far as that is known. */
  readonly actedAt: Instant;
  /** The server's clock when it arrived. */
  readonly at: Instant;
}

/** A try that reaches the server later than this after it was made was waiting in an outbox. */
const REPLAYED_AFTER_MS = 60 * SECOND;
/**
 * Most wrong PINs of one person in a day from all outboxes. Three tries in each of twelve slots: no honest day has more, and a
 * terminal that lies about time and slot gains no more guesses than that.
 */
const DAY_LIMIT = 36;

/** How far back failures matter. */
export const FAILURES_KEPT_MS = DAY;

export function isReplayed(correctedAt: Instant, receivedAt: Instant): boolean {
  return receivedAt - correctedAt > REPLAYED_AFTER_MS;
}

/** Whether another try at this kind of act is refused unseen: three wrong ones within one duty slot's length end at "call an officer". */
export function triesAreSpent(failures: readonly PinFailure[], act: { kind: string; actedAt: Instant }, now: Instant, policy: PolicyDocument): boolean {
  if (failures.filter((failure) => failure.at > now - DAY).length >= DAY_LIMIT) return true;
  const slot = policy.duty.shiftMinutes * MINUTE;
  return failures.filter((failure) => failure.kind === act.kind && Math.abs(failure.actedAt - act.actedAt) < slot).length >= policy.pin.triesPerSlot;
}

/** Whether the failures within the lock window reach the lock. Those replayed from one device's outbox count once. */
export function reachesLock(failures: readonly PinFailure[], now: Instant, policy: PolicyDocument): boolean {
  const recent = failures.filter((failure) => failure.at > now - policy.pin.lockWindowMinutes * MINUTE);
  const replays = new Set(recent.filter((failure) => failure.replayed).map((failure) => failure.device));
  return recent.filter((failure) => !failure.replayed).length + replays.size >= policy.pin.lockAfterFailures;
}
