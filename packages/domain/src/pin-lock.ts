import { type Instant, MINUTE } from '@sallyport/basics';
import type { PolicyDocument } from '@sallyport/contracts';

/** A wrong PIN. Failures before the last right PIN or the last reset by an officer are forgotten by the caller. */
export interface PinFailure {
  /** The command it came with: the same command again is the same failure. */
  readonly command: string;
  /** Duty slot or other errand at which it was tried, e.g. `2026-11-22T21:30`. */
  readonly errand: string;
  readonly receivedAt: Instant;
  /** Stored on the terminal while it was off line and received later. */
  readonly replayed: boolean;
}

/** `errand`: no more tries at this slot, call an officer. `lock-out`: too many overall; `until` is when it ends. */
export type PinGate =
  | { readonly open: true; readonly triesLeft: number }
  | { readonly open: false; readonly reason: 'errand' | 'lock-out'; readonly until: Instant | null };

/** One per command; of the replayed ones one per errand, because nobody could tell the person that the PIN was wrong (PIN3). */
function counted(failures: readonly PinFailure[]): PinFailure[] {
  const kept = new Map<string, PinFailure>();
  for (const failure of failures) kept.set(failure.replayed ? `errand ${failure.errand}` : `command ${failure.command}`, failure);
  return [...kept.values()].sort((a, b) => a.receivedAt - b.receivedAt);
}

/** The end of the lock that these failures have caused, or null: when enough fall into one lock window, from the last of them on. */
function lockedUntil(failures: readonly PinFailure[], policy: Pick<PolicyDocument, 'pin'>): Instant | null {
  const { lockAfterFailures, lockWindowMinutes, lockMinutes } = policy.pin;
  let until: Instant | null = null;
  failures.forEach((last, index) => {
    const first = failures[index - lockAfterFailures + 1];
    if (first && last.receivedAt - first.receivedAt <= lockWindowMinutes * MINUTE) until = last.receivedAt + lockMinutes * MINUTE;
  });
  return until;
}

/** Whether a PIN may be tried at an errand now. A closed gate is not another failure. */
export function pinGate(failures: readonly PinFailure[], errand: string, now: Instant, policy: Pick<PolicyDocument, 'pin'>): PinGate {
  const until = lockedUntil(counted(failures), policy);
  if (until !== null && now < until) return { open: false, reason: 'lock-out', until };
  const here = new Set(failures.filter((failure) => failure.errand === errand).map((failure) => failure.command)).size;
  const triesLeft = policy.pin.triesPerSlot - here;
  return triesLeft > 0 ? { open: true, triesLeft } : { open: false, reason: 'errand', until: null };
}
