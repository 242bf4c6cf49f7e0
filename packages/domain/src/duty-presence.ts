import { err, type Instant, MINUTE, ok, type Result, SECOND } from '@sallyport/basics';
import type { PolicyDocument, RefusalCode, SignInReview } from '@sallyport/contracts';
import { type ActTime, actedAt } from './duty-sign-in.js';
import type { DutySlot } from './duty-slots.js';
import { seeded } from './seeded.js';

type PresencePolicy = Pick<PolicyDocument, 'duty' | 'device'>;

/**
 * When the terminal asks "are you there?" in a slot: every so many minutes give or take the jitter, never in the margins, at least once.
 * The seed is drawn by the server and kept secret until the prompts are asked, so that nobody can foresee them (DUTY30).
 */
export function presenceTimes(slot: DutySlot, seed: string, policy: Pick<PolicyDocument, 'duty'>): Instant[] {
  const { everyMinutes, jitterMinutes, marginMinutes, responseSeconds } = policy.duty.presence;
  const draw = seeded(`${seed}/${slot.key}`);
  const first = slot.start + marginMinutes * MINUTE;
  const last = slot.end - Math.max(marginMinutes * MINUTE, responseSeconds * SECOND);
  const gap = () => Math.round((everyMinutes + (2 * draw() - 1) * jitterMinutes) * MINUTE);
  const times: Instant[] = [];
  for (let at = slot.start + gap(); at <= last; at += gap()) if (at >= first) times.push(at);
  return times.length > 0 ? times : [first + Math.floor(draw() * (last - first))];
}

/** An answer to a prompt: `late-proved` was given in time off line and received later. */
export interface PresenceAccepted {
  readonly state: 'in-time' | 'late' | 'late-proved';
  readonly at: Instant;
  readonly answeredInSeconds: number;
  readonly review: readonly SignInReview[];
}

/** The verdict on an answer to the prompt asked at `askedAt`. */
export function judgePresence(askedAt: Instant, time: ActTime, policy: PresencePolicy): Result<PresenceAccepted, { code: RefusalCode }> {
  const until = askedAt + policy.duty.presence.responseSeconds * SECOND;
  const accepted = (state: PresenceAccepted['state'], at: Instant, review: readonly SignInReview[] = []) =>
    ok({ state, at, review, answeredInSeconds: Math.max(0, at - askedAt) / SECOND });
  if (time.receivedAt < askedAt) return err({ code: 'PRESENCE_NOT_ASKED' });
  if (time.receivedAt <= until) return accepted('in-time', time.receivedAt);
  const acted = actedAt(time, policy);
  const inTime = acted.at >= askedAt && acted.at <= until;
  if (inTime || acted.review.length > 0) return accepted('late-proved', acted.at, acted.review);
  return accepted('late', time.receivedAt);
}
