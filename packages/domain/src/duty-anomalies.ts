import { type Instant, SECOND } from '@sallyport/basics';
import type { AnomalyKind, PolicyDocument, SeatState } from '@sallyport/contracts';
import { type DutySlot, slotTimes } from './duty-slots.js';

/** A sign-in as accepted. `late` marks those that are evidence of lateness, whenever they were received. */
export interface SignInEvidence {
  readonly person: string;
  readonly receivedAt: Instant;
  readonly state: 'on-time' | 'late' | 'late-proved';
  readonly late: boolean;
  /** The server heard the terminal all the time before it arrived: an officer weighs it, nothing is proved by it (DUTY51). */
  readonly doubted?: boolean;
}

/** A presence prompt and when its answer arrived; `inTime` says whether the answer itself was given in time. */
export interface PromptEvidence {
  readonly id: string;
  readonly askedAt: Instant;
  readonly answer: { readonly receivedAt: Instant; readonly inTime: boolean } | null;
}

/** What somebody reported: refused attempts, an officer's observation, an abnormal handover note. `id` tells two of one kind apart. */
export interface ReportEvidence {
  readonly id: string;
  readonly kind: 'WRONG_PERSON' | 'EXCLUDED_PERSON' | 'LEFT_POST' | 'SLEEPING' | 'ABNORMAL_REPORT';
  readonly at: Instant;
  readonly person: string | null;
}

/** From the last sign of life to the next; `until` is null while silent. Times when the server itself was down are silence too. */
export interface Silence {
  readonly from: Instant;
  readonly until: Instant | null;
  /** No terminal was let in there then: nothing was stored that could arrive once one is (DUTY48). */
  readonly noTerminal?: boolean;
}

export interface SlotEvidence {
  readonly cell: string;
  readonly slot: DutySlot;
  /** False when nobody has a seat in the slot: nothing can be missed then. */
  readonly planned: boolean;
  /** Nobody has a seat, people are in the cell, and no approved roster leaves the slot empty (DUTY47). */
  readonly rosterMissing: boolean;
  /** Who has to be on duty now: excused people are left out, substitutes stand in. */
  readonly seats: readonly string[];
  readonly signIns: readonly SignInEvidence[];
  readonly silences: readonly Silence[];
  readonly prompts: readonly PromptEvidence[];
  readonly reports: readonly ReportEvidence[];
}

export interface DutyAnomaly {
  /** The same for the same anomaly however often it is looked for: raise each key once. */
  readonly key: string;
  readonly kind: AnomalyKind;
  /** What lasts (no roster, no terminal) is told once per cell and half of the roster day, not at every slot. */
  readonly span: 'slot' | 'half-day';
  readonly raisedAt: Instant;
  readonly people: readonly string[];
  /** `late-proved`: everything that was missing has arrived since, made in time. An officer still ends it. */
  readonly standing: 'open' | 'late-proved';
}

/** One thing that should have happened by `due`; `met` says whether it had arrived by an instant. */
interface Expectation {
  readonly name: string;
  readonly due: Instant;
  readonly met: (by: Instant) => boolean;
  readonly missed: (by: Instant) => { kind: AnomalyKind; people: readonly string[] };
  readonly proved: (by: Instant) => boolean;
}

type Duty = Pick<PolicyDocument, 'duty'>;

function silenceAt(evidence: SlotEvidence, at: Instant): Silence | null {
  return evidence.silences.find((silence) => silence.from <= at && (silence.until === null || at < silence.until)) ?? null;
}

function signedBy(evidence: SlotEvidence, by: Instant): SignInEvidence[] {
  return evidence.signIns.filter((signIn) => evidence.seats.includes(signIn.person) && signIn.receivedAt <= by);
}

function unsigned(evidence: SlotEvidence, by: Instant): string[] {
  const signed = signedBy(evidence, by).map((signIn) => signIn.person);
  return evidence.seats.filter((person) => !signed.includes(person));
}

function signInExpectation(evidence: SlotEvidence, policy: Duty): Expectation {
  const due = slotTimes(evidence.slot, policy).onTimeUntil;
  const needed = policy.duty.minOnDuty;
  return {
    name: evidence.slot.key,
    due,
    met: (by) => signedBy(evidence, by).length >= needed,
    missed: (by) => ({ kind: signedBy(evidence, by).length === 0 ? 'NO_DUTY' : 'SOLO_DUTY', people: unsigned(evidence, by) }),
    proved: (by) =>
      signedBy(evidence, by).filter((signIn) => signIn.receivedAt <= due || (signIn.state === 'late-proved' && !signIn.late && !signIn.doubted)).length >=
      needed,
  };
}

/** A prompt counts only once somebody has signed in: without anybody on duty nobody can leave the post. */
function promptExpectations(evidence: SlotEvidence, policy: Duty): Expectation[] {
  const people = (by: Instant) => signedBy(evidence, by).map((signIn) => signIn.person);
  return evidence.prompts
    .filter((prompt) => people(prompt.askedAt).length > 0)
    .map((prompt) => {
      const due = prompt.askedAt + policy.duty.presence.responseSeconds * SECOND;
      const answered = (by: Instant) => prompt.answer !== null && prompt.answer.inTime && prompt.answer.receivedAt <= by;
      return {
        name: `${evidence.slot.key}:${prompt.id}`,
        due,
        met: answered,
        missed: () => ({ kind: 'LEFT_POST', people: people(prompt.askedAt) }),
        proved: answered,
      };
    });
}

/** Names the half of the roster day in which a slot lies: its night, or what comes before it. */
function halfDayOf(slot: DutySlot): string {
  return `${slot.date}:${slot.night ? 'night' : 'day'}`;
}

/**
 * What follows from one expectation. Missing while the terminal is silent is TERMINAL_OFFLINE and nothing else; once it has come back and
 * had time to hand over what it stored, what is still missing is missing (DUTY21). Where no terminal stood there is nothing to wait for (DUTY48).
 */
function judgeExpectation(evidence: SlotEvidence, expected: Expectation, now: Instant, policy: Duty): DutyAnomaly[] {
  const found: DutyAnomaly[] = [];
  const standing = expected.proved(now) ? 'late-proved' : 'open';
  let look = expected.due;
  while (look <= now && !expected.met(look)) {
    const missed = expected.missed(look);
    const silence = silenceAt(evidence, look);
    if (!silence) {
      found.push({ key: `${missed.kind}:${evidence.cell}:${expected.name}`, kind: missed.kind, span: 'slot', raisedAt: look, people: missed.people, standing });
      break;
    }
    const span = silence.noTerminal ? 'half-day' : 'slot';
    const name = silence.noTerminal ? halfDayOf(evidence.slot) : evidence.slot.key;
    if (found.length === 0)
      found.push({ key: `TERMINAL_OFFLINE:${evidence.cell}:${name}`, kind: 'TERMINAL_OFFLINE', span, raisedAt: look, people: missed.people, standing });
    if (silence.noTerminal || silence.until === null) break;
    look = silence.until + policy.duty.offlineGraceSeconds * SECOND;
  }
  return found;
}

function lateness(evidence: SlotEvidence): DutyAnomaly[] {
  return evidence.signIns
    .filter((signIn) => signIn.late)
    .map(({ person, receivedAt }) => ({
      key: `LATE:${evidence.cell}:${evidence.slot.key}:${person}`,
      kind: 'LATE',
      span: 'slot',
      raisedAt: receivedAt,
      people: [person],
      standing: 'open',
    }));
}

function reported(evidence: SlotEvidence): DutyAnomaly[] {
  return evidence.reports.map(({ kind, id, person, at }) => ({
    key: `${kind}:${evidence.cell}:${evidence.slot.key}:${id}`,
    kind,
    span: 'slot',
    raisedAt: at,
    people: person === null ? [] : [person],
    standing: 'open',
  }));
}

/** Duty is due in a held cell and nobody was ever assigned: raised as the slot begins (DUTY47). */
function withoutRoster({ cell, slot, rosterMissing }: SlotEvidence): DutyAnomaly[] {
  if (!rosterMissing) return [];
  return [{ key: `NO_ROSTER:${cell}:${halfDayOf(slot)}`, kind: 'NO_ROSTER', span: 'half-day', raisedAt: slot.start, people: [], standing: 'open' }];
}

/** All anomalies of a slot that exist at an instant, oldest first, each key once. Looking later only adds anomalies or turns a standing into `late-proved` (DUTY20 to DUTY25). */
export function anomaliesOf(evidence: SlotEvidence, now: Instant, policy: Duty): DutyAnomaly[] {
  const expected = evidence.planned ? [signInExpectation(evidence, policy), ...promptExpectations(evidence, policy)] : [];
  const all = [
    ...expected.flatMap((one) => judgeExpectation(evidence, one, now, policy)),
    ...withoutRoster(evidence),
    ...lateness(evidence),
    ...reported(evidence),
  ];
  const byKey = new Map<string, DutyAnomaly>();
  for (const anomaly of all.filter((one) => one.raisedAt <= now).sort((a, b) => a.raisedAt - b.raisedAt)) {
    const earlier = byKey.get(anomaly.key);
    // Several expectations can meet one silence: it is proved only when all of them are.
    byKey.set(anomaly.key, earlier ? { ...earlier, standing: earlier.standing === 'open' ? 'open' : anomaly.standing } : anomaly);
  }
  return [...byKey.values()];
}

/** How a cell stands in a slot, for the duty board. Silent and nobody are different things (DUTY27), and so are a slot left empty and one nobody planned (DUTY47). */
export type SlotStanding = 'both' | 'late' | 'solo' | 'nobody' | 'offline' | 'out' | 'not-planned' | 'no-roster' | 'upcoming';

export function standingOf(evidence: SlotEvidence, now: Instant, policy: Duty): SlotStanding {
  if (!evidence.planned) return evidence.rosterMissing ? 'no-roster' : 'not-planned';
  if (evidence.seats.length === 0) return 'out';
  const signed = signedBy(evidence, now);
  if (signed.length >= policy.duty.minOnDuty) return signed.some((signIn) => signIn.late) ? 'late' : 'both';
  if (now < slotTimes(evidence.slot, policy).onTimeUntil) return 'upcoming';
  if (silenceAt(evidence, now)) return 'offline';
  return signed.length === 0 ? 'nobody' : 'solo';
}

/** How one seat stands: signed in, excused (out of the cell), absent once the window has closed, else waited for (DUTY6). */
export function seatStateOf(
  seat: { readonly slot: DutySlot; readonly signIn: SignInEvidence | null; readonly excused: boolean },
  now: Instant,
  policy: Duty,
): SeatState {
  if (seat.signIn) return seat.signIn.state;
  if (seat.excused) return 'excused';
  return now > slotTimes(seat.slot, policy).closesAt ? 'absent' : 'waiting';
}
