import type { Instant } from '@sallyport/basics';
import type { PolicyDocument } from '@sallyport/contracts';
import { type DutySlot, slotTimes } from './duty-slots.js';

export interface HandoverSituation {
  readonly outgoing: DutySlot;
  /** The slot that starts as the outgoing one ends, or null at the end of a window. */
  readonly incoming: DutySlot | null;
  /** Who of the incoming slot has to be there, and when each signed in. */
  readonly incomingSeats: readonly string[];
  readonly incomingSignIns: readonly { readonly person: string; readonly at: Instant }[];
}

/** Whether the outgoing two may go. `waitingFor` names who is still missing; `since` is when they were released. */
export type Handover = { readonly released: true; readonly since: Instant } | { readonly released: false; readonly waitingFor: readonly string[] };

/**
 * The outgoing stay until both incoming have signed in, never before the end of their own slot (DUTY28). When the window of the incoming
 * slot has closed without them they are released as well: nobody is kept on duty by the absence of others, the anomaly is already raised.
 */
export function handoverAt(situation: HandoverSituation, now: Instant, policy: Pick<PolicyDocument, 'duty'>): Handover {
  const { outgoing, incoming, incomingSeats, incomingSignIns } = situation;
  if (now < outgoing.end) return { released: false, waitingFor: [] };
  if (!incoming) return { released: true, since: outgoing.end };
  const arrivals = incomingSignIns.filter((signIn) => incomingSeats.includes(signIn.person) && signIn.at <= now);
  const missing = incomingSeats.filter((person) => !arrivals.some((signIn) => signIn.person === person));
  const complete = incomingSeats.length >= policy.duty.minOnDuty && missing.length === 0;
  if (complete) return { released: true, since: Math.max(outgoing.end, ...arrivals.map((signIn) => signIn.at)) };
  const { closesAt } = slotTimes(incoming, policy);
  return now > closesAt ? { released: true, since: closesAt } : { released: false, waitingFor: missing };
}
