import { err, type Instant, ok, type Result, SECOND } from '@sallyport/basics';
import type { AnomalyKind, PolicyDocument, RefusalCode, SignInReview } from '@sallyport/contracts';
import type { Silence } from './duty-anomalies.js';
import type { DutyExclusion } from './duty-exclusions.js';
import { type DutySlot, slotTimes } from './duty-slots.js';

/** How the person's proof ended. */
export type ProofOutcome = 'proved' | 'missing' | 'wrong' | 'locked';

/** When an act of a device happened, as far as the server can tell. */
export interface ActTime {
  /** The server's clock when the command arrived. */
  readonly receivedAt: Instant;
  /** The server's clock as the device last saw it, plus the time its monotonic clock has run since; null when it never saw one since its start. */
  readonly correctedAt: Instant | null;
  /** The device's wall clock at the act. */
  readonly claimedAt: Instant;
  /** Device clock minus server clock in milliseconds when they last met; null when unknown. */
  readonly skewMs: number | null;
}

export interface SignInAttempt {
  readonly person: string;
  readonly proof: ProofOutcome;
  readonly time: ActTime;
}

/** What the server knows about the slot when it judges. */
export interface SignInSituation {
  readonly slot: DutySlot;
  /** The people of this slot now, substitutes included. */
  readonly assigned: readonly string[];
  readonly signedIn: readonly string[];
  /** Exclusions of the person for this slot at the time of the act. */
  readonly exclusions: readonly DutyExclusion[];
  /** When the terminal gave no sign of life between the act and its arrival; left out where nobody looked, because it arrived at once. */
  readonly silences?: readonly Silence[];
}

export interface SignInAccepted {
  readonly state: 'on-time' | 'late' | 'late-proved';
  /** The time that counts: received, or the device's corrected time for a late proof. */
  readonly at: Instant;
  readonly review: readonly SignInReview[];
  readonly anomalies: readonly AnomalyKind[];
}
export interface SignInRefused {
  readonly code: RefusalCode;
  readonly anomalies: readonly AnomalyKind[];
}

type SignInPolicy = Pick<PolicyDocument, 'duty' | 'device' | 'alert'>;
const PROOF_CODES: Readonly<Record<Exclude<ProofOutcome, 'proved'>, RefusalCode>> = { missing: 'PROOF_MISSING', wrong: 'PROOF_WRONG', locked: 'PROOF_LOCKED' };

function refused(code: RefusalCode, ...anomalies: AnomalyKind[]): Result<never, SignInRefused> {
  return err({ code, anomalies });
}

/** The device's account of when it happened and why an officer should look at it. Never later than the arrival. */
export function actedAt(time: ActTime, policy: Pick<PolicyDocument, 'device'>): { at: Instant; review: SignInReview[] } {
  const review: SignInReview[] = [];
  if (time.correctedAt === null) review.push('CLOCK_UNKNOWN');
  if (time.skewMs !== null && Math.abs(time.skewMs) > policy.device.skewLimitSeconds * SECOND) review.push('CLOCK_SKEW');
  return { at: Math.min(time.correctedAt ?? time.claimedAt, time.receivedAt), review };
}

/**
 * Whether the server heard the terminal all the time from an act to its arrival: then nothing kept the act from arriving at once, and its
 * account contradicts what the server knows (DUTY51). Shorter than a silence is noticed, and a stored act handed over, nothing is known.
 */
function wasHeard(time: ActTime, at: Instant, silences: readonly Silence[] | undefined, policy: SignInPolicy): boolean {
  const unnoticed = (policy.alert.silenceAmberSeconds + policy.duty.offlineGraceSeconds) * SECOND;
  if (silences === undefined || time.receivedAt - at <= unnoticed) return false;
  return !silences.some(({ from, until, noTerminal }) => !noTerminal && from <= time.receivedAt && (until === null || until >= at));
}

/** Whether the server can tell when the act was made (DUTY53). */
function isKnown(time: ActTime): boolean {
  return time.correctedAt !== null;
}

/** Judges the time of a sign-in alone: arrival first, then the device's account of it (DUTY14 to DUTY17). */
function timeVerdict(time: ActTime, { slot, silences }: SignInSituation, policy: SignInPolicy): Result<SignInAccepted, SignInRefused> {
  const window = slotTimes(slot, policy);
  if (time.receivedAt < window.opensAt) return refused('WINDOW_NOT_OPEN');
  if (time.receivedAt <= window.onTimeUntil) return ok({ state: 'on-time', at: time.receivedAt, review: [], anomalies: [] });
  const acted = actedAt(time, policy);
  const doubtful = acted.review.length > 0;
  const provedOnTime = acted.at >= window.opensAt && acted.at <= window.onTimeUntil;
  const review: SignInReview[] = wasHeard(time, acted.at, silences, policy) ? [...acted.review, 'TERMINAL_HEARD'] : acted.review;
  if (provedOnTime) return ok({ state: 'late-proved', at: acted.at, review, anomalies: [] });
  if (time.receivedAt <= window.closesAt) return ok({ state: 'late', at: time.receivedAt, review: acted.review, anomalies: ['LATE'] });
  // A clock that cannot be believed proves neither presence nor absence: an officer decides, the person is not failed for it.
  if (doubtful) return ok({ state: 'late-proved', at: isKnown(time) ? acted.at : time.receivedAt, review, anomalies: ['LATE'] });
  if (acted.at < window.opensAt) return refused('WINDOW_NOT_OPEN');
  if (acted.at <= window.closesAt) return ok({ state: 'late-proved', at: acted.at, review, anomalies: ['LATE'] });
  return refused('WINDOW_CLOSED');
}

/**
 * The verdict on one sign-in. A refusal carries its code and the anomalies that the attempt itself is evidence of.
 * The caller has found slot and people by the time of the act; the refusal codes keep the contract's order of precedence.
 */
export function judgeSignIn(attempt: SignInAttempt, situation: SignInSituation, policy: SignInPolicy): Result<SignInAccepted, SignInRefused> {
  if (attempt.proof !== 'proved') return refused(PROOF_CODES[attempt.proof]);
  const timed = timeVerdict(attempt.time, situation, policy);
  // Made at a time that nobody knows, the act may belong to another slot, in which it was right: it accuses nobody.
  const refusedFor = (code: RefusalCode, anomaly: AnomalyKind) => (isKnown(attempt.time) ? refused(code, anomaly) : refused(code));
  if (!situation.assigned.includes(attempt.person)) return timed.ok ? refusedFor('NOT_ON_DUTY', 'WRONG_PERSON') : refused('NOT_ON_DUTY');
  if (!timed.ok) return timed;
  if (situation.signedIn.includes(attempt.person)) return refused('ALREADY_SIGNED');
  if (situation.exclusions.some((exclusion) => exclusion !== 'OUT_OF_CELL')) return refusedFor('EXCLUDED_FROM_DUTY', 'EXCLUDED_PERSON');
  // Somebody used the proof of a person who is not in the cell: the person in front of the terminal must be another one.
  if (situation.exclusions.includes('OUT_OF_CELL')) return refusedFor('PERSON_OUT_OF_CELL', 'WRONG_PERSON');
  return timed;
}
