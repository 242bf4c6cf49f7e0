import { z } from 'zod';
import { defineCommand } from './command.js';
import { personRef } from './envelope.js';
import { bedNo, cellNo, dateText, id, instantText, localNo, pageOf, pageQuery, reason, remark } from './primitives.js';
import { listedPerson } from './person.js';
import { defineQuery } from './query.js';
import { rollCallCell } from './roll-call.js';

/** A slot of a cell: its start on the site's calendar, e.g. `2026-11-22T22:00`. Unique within a cell. */
export const slotKey = z
  .string()
  .regex(/^(19|20|21)\d{2}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d$/, 'must be a start such as 2026-11-22T22:00, between 1900 and 2199')
  .meta({ description: "Start of the slot on the site's calendar", example: '2026-11-22T22:00' });

export const anomalyKind = z.enum([
  'SOLO_DUTY',
  'NO_DUTY',
  'LATE',
  'LEFT_POST',
  'SLEEPING',
  'WRONG_PERSON',
  'EXCLUDED_PERSON',
  'TERMINAL_OFFLINE',
  'ABNORMAL_REPORT',
  'NO_ROSTER',
]);
export type AnomalyKind = z.infer<typeof anomalyKind>;

/** How one seat of a slot stands. `saved` exists only on a terminal: signed here, not yet accepted. */
export const seatState = z.enum(['waiting', 'on-time', 'late', 'late-proved', 'absent', 'excused']);
export type SeatState = z.infer<typeof seatState>;

/**
 * Why an officer should look at the time of a sign-in. `CLOCK_SKEW`: the device's clock was too far off to be believed. `CLOCK_UNKNOWN`: only its own clock
 * tells the time. `TERMINAL_HEARD`: it says that it was off line, and the server heard it all that time.
 */
export const signInReview = z.enum(['CLOCK_SKEW', 'CLOCK_UNKNOWN', 'TERMINAL_HEARD']);
export type SignInReview = z.infer<typeof signInReview>;

// ---- commands of a terminal ----

const signedSeat = z.object({ slot: slotKey, bed: bedNo, state: seatState, signedAt: instantText, nextSlotStartsAt: instantText.nullable() });
export const dutySignIn = defineCommand({
  kind: 'duty.sign-in',
  summary: 'A person signs in for the duty slot that is open in this cell',
  maker: 'device',
  proofs: ['pin', 'passkey', 'bridge'],
  /** `slot` is the slot the terminal showed; without it the server takes the one open at the corrected time of the act. */
  body: z.strictObject({ person: personRef, slot: slotKey.optional() }),
  result: signedSeat,
});
export const dutyHandover = defineCommand({
  kind: 'duty.handover',
  summary: 'The handover note of a slot, by one of its two people',
  maker: 'device',
  proofs: ['pin', 'passkey', 'bridge'],
  body: z.strictObject({ person: personRef, slot: slotKey.optional(), verdict: z.enum(['normal', 'abnormal']), remark: remark.default('') }),
  result: z.object({ slot: slotKey, verdict: z.enum(['normal', 'abnormal']), released: z.boolean() }),
});
export const dutyPresence = defineCommand({
  kind: 'duty.presence',
  summary: 'Answer to a random presence prompt; no proof, one press by whoever is on duty',
  maker: 'device',
  body: z.strictObject({ prompt: id }),
  result: z.object({ answeredInSeconds: z.number() }),
});
/** Most comments of one person on one anomaly: all that has to be said, and a limit to what somebody who stands at the wall can fill. */
export const COMMENTS_PER_ANOMALY = 5;
export const dutyComment = defineCommand({
  kind: 'duty.comment',
  summary: "The person's own words on a duty anomaly that names them",
  maker: 'device',
  proofs: ['pin', 'passkey', 'bridge'],
  body: z.strictObject({ person: personRef, anomaly: id, comment: remark.min(1) }),
});
/** Coming slots that fit on one wall page, how far back anomalies are shown, and most of them. */
export const OWN_SLOTS = 4;
export const OWN_ANOMALY_DAYS = 14;
export const OWN_ANOMALIES = 40;
/** An anomaly that names the person, without anybody else whom it names. */
export const ownAnomaly = z.object({
  id,
  /** A missing roster is nobody's in the cell. */
  kind: anomalyKind.exclude(['NO_ROSTER']),
  slot: slotKey.nullable(),
  raisedAt: instantText,
  state: z.enum(['open', 'late-proved', 'ended']),
  comments: z.array(z.object({ at: instantText, comment: z.string() })),
});
export type OwnAnomaly = z.infer<typeof ownAnomaly>;
export const dutyMyRecord = defineCommand({
  kind: 'duty.my-record',
  summary: "A person's own coming slots and the duty anomalies of the last 14 days that name them; changes nothing",
  maker: 'device',
  proofs: ['pin', 'passkey', 'bridge'],
  body: z.strictObject({ person: personRef }),
  result: z.object({
    slots: z.array(z.object({ slot: slotKey, startsAt: instantText, endsAt: instantText, night: z.boolean() })).max(OWN_SLOTS),
    anomalies: z.array(ownAnomaly).max(OWN_ANOMALIES),
  }),
});

// ---- commands of an officer ----

/** One planned slot of a week: two beds' people. */
export const plannedSlot = z.strictObject({ slot: slotKey, people: z.array(id).max(2) });
const plannedSlots = z
  .array(plannedSlot)
  .max(200)
  .refine((slots) => new Set(slots.map(({ slot }) => slot)).size === slots.length, 'must name every slot once');
export const rosterSave = defineCommand({
  kind: 'duty.save-roster',
  summary: 'Saves a draft of the weekly roster of a cell; it takes effect when approved, from the next slot',
  maker: 'officer',
  body: z.strictObject({ cell: cellNo, week: dateText, slots: plannedSlots, seenVersion: z.int().min(0), reason: reason.optional() }),
  result: z.object({ rosterId: id, version: z.int() }),
});
export const rosterPropose = defineCommand({
  kind: 'duty.propose-roster',
  summary: 'Lets the server propose a fair roster for the week as a draft',
  maker: 'officer',
  body: z.strictObject({ cell: cellNo, week: dateText, seenVersion: z.int().min(0) }),
  result: z.object({ rosterId: id, version: z.int(), unfilled: z.array(slotKey) }),
});
export const rosterCopy = defineCommand({
  kind: 'duty.copy-roster',
  summary: 'Copies the roster of the week before as a draft; conflicts are shown, not silently mended',
  maker: 'officer',
  body: z.strictObject({ cell: cellNo, week: dateText, seenVersion: z.int().min(0) }),
  result: z.object({ rosterId: id, version: z.int() }),
});
export const rosterSubmit = defineCommand({
  kind: 'duty.submit-roster',
  summary: 'Hands a draft to approval: a work item for leadership or the control room; refused while a hard conflict stands',
  maker: 'officer',
  body: z.strictObject({ rosterId: id, seenVersion: z.int() }),
});
export const dutySubstitute = defineCommand({
  kind: 'duty.substitute',
  summary: 'Puts a substitute into a seat of a slot, with the reason',
  maker: 'officer',
  body: z.strictObject({ cell: cellNo, slot: slotKey, absent: id, substitute: id, reason }),
});
export const dutyObserve = defineCommand({
  kind: 'duty.observe',
  summary: 'An officer records what was seen: left post, asleep, wrong person',
  maker: 'officer',
  body: z.strictObject({ cell: cellNo, slot: slotKey, person: id.optional(), kind: z.enum(['LEFT_POST', 'SLEEPING', 'WRONG_PERSON']), note: reason }),
  result: z.object({ anomaly: id }),
});

// ---- views ----

/** A seat as a shared screen may show it: bed and state, no name. */
export const seatView = z.object({ bed: bedNo, state: seatState, signedAt: instantText.nullable() });
export const slotView = z.object({
  slot: slotKey,
  startsAt: instantText,
  endsAt: instantText,
  opensAt: instantText,
  onTimeUntil: instantText,
  closesAt: instantText,
  night: z.boolean(),
  seats: z.array(seatView),
});
export type SlotView = z.infer<typeof slotView>;

export const presencePrompt = z.object({ id, askedAt: instantText, answerBy: instantText });

export const dutySeatBoard = seatView.extend({ personId: id, maskedName: z.string(), number: z.string(), where: z.string().nullable() });
/** The state of a cell on the duty board. Offline and nobody are different things, and so are a slot left empty by its roster and one without a roster. */
export const boardState = z.enum(['both', 'late', 'solo', 'nobody', 'offline', 'out', 'not-planned', 'no-roster', 'upcoming']);
export const boardCell = z.object({
  cell: cellNo,
  block: z.string(),
  people: z.int(),
  state: boardState,
  since: instantText.nullable(),
  slot: slotView.omit({ seats: true }).nullable(),
  seats: z.array(dutySeatBoard),
  terminal: z.enum(['online', 'silent', 'lost', 'none']),
  openAlerts: z.int(),
  note: z.string().nullable(),
});
export type BoardCell = z.infer<typeof boardCell>;
export const dutyBoard = defineQuery({
  path: '/api/duty/board',
  audience: 'console',
  summary: 'All cells within the officer’s blocks, live',
  response: z.object({ asOf: instantText, cells: z.array(boardCell) }),
});

export const rosterConflict = z.object({ slot: slotKey, person: id.nullable(), rule: z.string(), severity: z.enum(['hard', 'warning']) });
export type RosterConflict = z.infer<typeof rosterConflict>;
export const rosterPerson = z.object({
  id,
  bed: bedNo,
  number: z.string(),
  maskedName: z.string(),
  exclusions: z.array(z.string()),
  nightsInWindow: z.int(),
  slotsThisWeek: z.int(),
});
export const rosterView = z.object({
  cell: cellNo,
  week: dateText,
  rosterId: id.nullable(),
  version: z.int(),
  state: z.enum(['none', 'draft', 'submitted', 'approved', 'returned']),
  effectiveFrom: slotKey.nullable(),
  /** Why this version was made, or why it came back: words, or a key of the reasons of its work item. */
  reason: z.string().nullable(),
  slots: z.array(slotView.pick({ slot: true, startsAt: true, endsAt: true, night: true }).extend({ people: z.array(id), locked: z.boolean() })),
  people: z.array(rosterPerson),
  conflicts: z.array(rosterConflict),
  unfilled: z.array(slotKey),
});
export type RosterView = z.infer<typeof rosterView>;
export const rosterOf = defineQuery({
  path: '/api/duty/rosters/:cell/:week',
  audience: 'console',
  summary: 'The roster of a cell for the week that begins on a Monday, newest version',
  params: z.object({ cell: cellNo, week: dateText }),
  response: rosterView,
});
/** Asked while editing, before saving: POST because the draft is the input; it changes nothing. */
export const rosterCheck = z.strictObject({ cell: cellNo, week: dateText, slots: plannedSlots });
export const rosterCheckPath = '/api/duty/roster-check';
export const rosterCheckResult = z.object({ conflicts: z.array(rosterConflict), people: z.array(rosterPerson) });

export const anomalyView = z.object({
  id,
  kind: anomalyKind,
  cell: cellNo,
  slot: slotKey.nullable(),
  raisedAt: instantText,
  people: z.array(listedPerson),
  state: z.enum(['open', 'late-proved', 'ended']),
  note: z.string().nullable(),
  lateProof: z.array(z.object({ person: id, claimedAt: instantText, receivedAt: instantText, review: z.array(signInReview) })),
  comments: z.array(z.object({ person: id, at: instantText, comment: z.string() })),
  endedBy: z.string().nullable(),
  endedAt: instantText.nullable(),
  measure: z.string().nullable(),
  result: z.string().nullable(),
});
export type AnomalyView = z.infer<typeof anomalyView>;

export const signInRecord = z.object({
  id,
  cell: cellNo,
  slot: slotKey,
  bed: bedNo,
  personId: id,
  number: z.string(),
  maskedName: z.string(),
  state: seatState,
  claimedAt: instantText,
  correctedAt: instantText,
  receivedAt: instantText,
  proof: z.string(),
  device: id,
  skewSeconds: z.number().nullable(),
  review: z.array(signInReview),
});
const recordSearch = z.object({
  from: dateText.optional(),
  to: dateText.optional(),
  cell: cellNo.optional(),
  slot: slotKey.optional(),
  person: localNo.optional(),
  anomaly: anomalyKind.optional(),
  ...pageQuery,
});
export const dutyRecords = defineQuery({
  path: '/api/duty/records',
  audience: 'console',
  summary: 'Sign-ins by date, cell, slot, person',
  search: recordSearch.omit({ anomaly: true }),
  response: pageOf(signInRecord),
});
export const dutyAnomalies = defineQuery({
  path: '/api/duty/anomalies',
  audience: 'console',
  summary: 'Anomalies by date, cell, slot, person, kind',
  search: recordSearch,
  response: pageOf(anomalyView),
});
export const nightExceptions = defineQuery({
  path: '/api/duty/night/:date',
  audience: 'console',
  summary: 'The exceptions of the night that began on a date, as one page for the morning meeting',
  params: z.object({ date: dateText }),
  response: z.object({
    date: dateText,
    from: instantText,
    to: instantText,
    slots: z.int(),
    signIns: z.int(),
    anomalies: z.array(anomalyView),
    unreviewed: z.int(),
  }),
});

// ---- what the cell's own terminal reads ----

/** Off line a terminal keeps this: beds, no names (decision 23). */
export const terminalHome = defineQuery({
  path: '/api/terminal/home',
  audience: 'cell',
  summary: 'All that the idle screen of this cell shows',
  response: z.object({
    cell: cellNo,
    siteName: z.string(),
    timeZone: z.string(),
    serverTime: instantText,
    asOf: instantText,
    cursor: z.string(),
    current: slotView.nullable(),
    next: slotView.nullable(),
    /** Upcoming slots for at least 48 hours, so that a day without network still knows whose turn it is. */
    slots: z.array(slotView),
    beds: z.array(bedNo),
    presence: presencePrompt.nullable(),
    rollCall: rollCallCell.nullable(),
    call: z.object({ id, state: z.enum(['calling', 'acknowledged', 'arrived', 'ended', 'withdrawn']), by: z.string().nullable(), at: instantText }).nullable(),
    settings: z.object({
      maskSeconds: z.int(),
      askSeconds: z.int(),
      answerSeconds: z.int(),
      lightsOut: z.string(),
      lightsOn: z.string(),
      features: z.array(z.enum(['duty', 'roster', 'call'])),
    }),
  }),
});
export type TerminalHome = z.infer<typeof terminalHome.response>;
