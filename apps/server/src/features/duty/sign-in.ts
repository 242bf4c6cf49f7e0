import { DAY, type Id, type Instant, must, SECOND } from '@sallyport/basics';
import { type BodyOf, dutySignIn, type ResultOf } from '@sallyport/contracts';
import { type DutySlot, exclusionsOf, judgeSignIn, type SignInAccepted, type Silence, slotAt, slotByKey, slotsOpenAt, slotTimes } from '@sallyport/domain';
import { sql } from 'kysely';
import { accepted, type CommandKind, type CommandScope, commandKind, type Handled, type Incoming, refused } from '../../platform/commands/kind.js';
import { cellOf, momentOf, namesPerson, OUTSIDE_CELLS, proofOf, provedPerson, timeOf } from './act.js';
import { reviewSlot, type SlotReport } from './anomaly.js';
import type { SeatRecord } from './evidence.js';
import { asOf, type DutyFacts, factsOf } from './people.js';
import { releaseOutgoing } from './release.js';
import { silencesOf } from './silence.js';

type Command = Incoming<BodyOf<typeof dutySignIn>>;
type Answer = Handled<ResultOf<typeof dutySignIn>>;

/** What a sign-in needs of a seat. */
type Seat = Pick<SeatRecord, 'cell' | 'slot' | 'seat' | 'person'>;

/** What the batch needs to know of its cells and people, loaded once. */
interface Known {
  /** By cell and slot key, in order of the seat. */
  readonly seats: ReadonlyMap<string, readonly Seat[]>;
  /** Who of the seated has signed in, by slot key; grows while the batch is judged. */
  readonly signed: Map<string, Set<Id>>;
  readonly people: ReadonlyMap<Id, DutyFacts>;
  /** Silences of the cells from which something arrived long after its act. */
  readonly silences: ReadonlyMap<string, readonly Silence[]>;
}

interface SignedIn {
  readonly command: Command;
  readonly slot: DutySlot;
  readonly seat: Seat;
  readonly verdict: SignInAccepted;
}

/** The slots that a command may mean: the one it names, else those whose window is open at the act or at its arrival, else the one that runs. */
function candidates(scope: CommandScope, command: Command): DutySlot[] {
  if (command.body.slot !== undefined) {
    const named = slotByKey(command.body.slot, scope.policy);
    return named ? [named] : [];
  }
  const at = momentOf(scope, command);
  const [acted, arrived] = [slotsOpenAt(at, scope.policy), slotsOpenAt(command.receivedAt, scope.policy)];
  // Where nobody knows when it was made, the arrival is all there is to go by.
  const open = command.skewMs === null ? [...arrived, ...acted] : [...acted, ...arrived];
  const running = slotAt(at, scope.policy);
  return open.length > 0 || !running ? open : [running];
}

/** What is known of the terminals whose acts arrived later than they were made. Punctual ones need no look: the change-over storm stays cheap. */
async function silencesMeanwhile(scope: CommandScope, commands: readonly Command[]): Promise<Map<string, Silence[]>> {
  const delayed = commands.filter((command) => command.receivedAt - momentOf(scope, command) > scope.policy.alert.silenceAmberSeconds * SECOND);
  if (delayed.length === 0) return new Map();
  const since = Math.min(...delayed.map((command) => momentOf(scope, command)));
  return silencesOf(scope.trx, [...new Set(delayed.flatMap((command) => cellOf(command) ?? []))], since, scope.now, scope.policy);
}

const seatKey = (cell: string, slot: string) => `${cell} ${slot}`;

/** The seats of these slots and cells and who of the seated has signed in. Locked, so that a substitution and a sign-in of the same seat come one after the other. */
async function seatsFor({ trx }: CommandScope, keys: readonly string[], cells: readonly string[]): Promise<Pick<Known, 'seats' | 'signed'>> {
  const { rows } = await sql<Seat & { readonly signed: boolean }>`
    select cell, slot, seat, person, exists (select 1 from duty_sign_in s where s.slot = duty_seat.slot and s.person = duty_seat.person) as signed
    from duty_seat where slot = any(${keys}::text[]) and cell = any(${cells}::text[]) order by cell, slot, seat for share of duty_seat`.execute(trx);
  const seats = new Map<string, Seat[]>();
  const signed = new Map<string, Set<Id>>(keys.map((key) => [key, new Set()]));
  for (const row of rows) {
    const key = seatKey(row.cell, row.slot);
    const own = seats.get(key);
    if (own) own.push(row);
    else seats.set(key, [row]);
    if (row.signed) signed.get(row.slot)?.add(row.person);
  }
  return { seats, signed };
}

async function load(scope: CommandScope, commands: readonly Command[], slots: ReadonlyMap<Id, readonly DutySlot[]>): Promise<Known> {
  const keys = [...new Set([...slots.values()].flat().map(({ key }) => key))];
  const cells = [...new Set(commands.flatMap((command) => cellOf(command) ?? []))];
  const first = [...slots.values()].flat().reduce((earliest, { start }) => Math.min(earliest, start), scope.now);
  const ids = commands.flatMap((command) => provedPerson(command) ?? []);
  const people = await factsOf(scope.trx, ids, scope.now, first - DAY, scope.policy);
  const silences = await silencesMeanwhile(scope, commands);
  if (keys.length === 0) return { seats: new Map(), signed: new Map(), people, silences };
  return { ...(await seatsFor(scope, keys, cells)), people, silences };
}

type Judged = { readonly signedIn: SignedIn } | { readonly refusal: Answer; readonly reports: readonly (SlotReport & { readonly slot: DutySlot })[] };

function judge(scope: CommandScope, command: Command, slots: readonly DutySlot[], known: Known): Judged {
  const cell = cellOf(command);
  const id = provedPerson(command);
  const nothing = (refusal: Answer): Judged => ({ refusal, reports: [] });
  if (cell === null) return nothing(OUTSIDE_CELLS);
  const facts = id === null ? undefined : known.people.get(id);
  if (facts && !namesPerson(command.body.person, facts.person)) return nothing(refused('PROOF_WRONG', 'the proof belongs to another person'));
  const seatsIn = (slot: DutySlot) => known.seats.get(seatKey(cell, slot.key)) ?? [];
  const slot = slots.find((one) => seatsIn(one).some(({ person }) => person === id)) ?? slots[0];
  if (!slot) return nothing(refused('NO_DUTY_NOW', 'no duty slot takes a sign-in now'));
  const assigned = seatsIn(slot);
  const at = momentOf(scope, command);
  const silences = known.silences.get(cell);
  const situation = {
    slot,
    assigned: assigned.map(({ person }) => person),
    signedIn: [...(known.signed.get(slot.key) ?? [])],
    ...(silences ? { silences } : {}),
    exclusions: facts ? exclusionsOf(asOf(facts.duty, at), slot, scope.policy) : [],
  };
  const verdict = judgeSignIn({ person: id ?? '', proof: proofOf(command), time: timeOf(command) }, situation, scope.policy);
  if (verdict.ok) {
    const seat = must(
      assigned.find(({ person }) => person === id),
      'seat of an assigned person',
    );
    known.signed.get(slot.key)?.add(seat.person);
    return { signedIn: { command, slot, seat, verdict: verdict.value } };
  }
  const { code, anomalies } = verdict.error;
  const kinds = anomalies.filter((kind) => kind === 'WRONG_PERSON' || kind === 'EXCLUDED_PERSON');
  // One anomaly per person and slot, however often they try.
  const reports = kinds.map((kind) => ({ cell, slot, id: id ?? command.id, kind, at: Math.min(at, scope.now), person: id }));
  return { refusal: refused(code, `the sign-in for ${slot.key} is refused`, { slot: slot.key }), reports };
}

/** Writes the sign-ins. Gives when each of their people is on duty next after the slot. One statement, whose text is always the same. */
async function insertSignIns(scope: CommandScope, signedIn: readonly SignedIn[], people: ReadonlyMap<Id, DutyFacts>): Promise<Map<Id, Instant>> {
  if (signedIn.length === 0) return new Map();
  const column = (read: (one: SignedIn) => unknown) => sql`${signedIn.map(read)}`;
  const instant = (read: (one: SignedIn) => Instant) => column((one) => new Date(read(one)).toISOString());
  const id = column(({ command }) => command.id);
  const person = column(({ seat }) => seat.person);
  const { rows } = await sql<{ command: Id; next: Instant | null }>`
    with written as (
      insert into duty_sign_in (id, cell, slot, seat, person, bed, state, late, review, proof, device, skew_ms, signed_at, claimed_at, corrected_at, received_at)
      select id, cell, slot, seat, person, bed, state, late, coalesce(string_to_array(nullif(review, ''), ' '), '{}'), proof, device, skew_ms,
        signed_at, claimed_at, corrected_at, received_at
      from unnest(${id}::uuid[], ${column(({ seat }) => seat.cell)}::text[], ${column(({ slot }) => slot.key)}::text[],
        ${column(({ seat }) => seat.seat)}::integer[], ${person}::uuid[], ${column(({ seat }) => bedOf(people, seat.person))}::integer[],
        ${column(({ verdict }) => verdict.state)}::text[], ${column(({ verdict }) => verdict.anomalies.includes('LATE'))}::boolean[],
        ${column(({ verdict }) => verdict.review.join(' '))}::text[], ${column(({ command }) => must(command.proof?.kind, 'proof kind'))}::text[],
        ${column(({ command }) => command.actor.id)}::uuid[], ${column(({ command: { skewMs } }) => (skewMs === null ? null : Math.round(skewMs)))}::bigint[],
        ${instant(({ verdict }) => verdict.at)}::timestamptz[], ${instant(({ command }) => command.claimedAt)}::timestamptz[],
        ${instant(({ command }) => command.correctedAt)}::timestamptz[], ${instant(({ command }) => command.receivedAt)}::timestamptz[])
        as one (id, cell, slot, seat, person, bed, state, late, review, proof, device, skew_ms, signed_at, claimed_at, corrected_at, received_at)
    )
    select command, (select min(starts_at) from duty_seat where duty_seat.person = s.person and starts_at > s.after) as next
    from unnest(${id}::uuid[], ${person}::uuid[], ${instant(({ slot }) => slot.start)}::timestamptz[]) as s (command, person, after)`.execute(scope.trx);
  return new Map(rows.flatMap(({ command, next }) => (next === null ? [] : [[command, next] as const])));
}

/** A person who signs in was in the cell at that time; the bed is the one they have now, or the last resort 1 for somebody released since. */
function bedOf(people: ReadonlyMap<Id, DutyFacts>, person: Id): number {
  return people.get(person)?.person.bed ?? 1;
}

/** Looks again at slots that were judged already, or where the attempt itself is an anomaly. On-time sign-ins need no look: the change-over storm stays cheap. */
async function reviewAfter(scope: CommandScope, signedIn: readonly SignedIn[], reports: readonly (SlotReport & { readonly slot: DutySlot })[]): Promise<void> {
  const judged = signedIn.filter(({ slot }) => scope.now >= slotTimes(slot, scope.policy).onTimeUntil).map(({ slot, seat }) => ({ slot, cell: seat.cell }));
  const bySlot = new Map<string, { slot: DutySlot; cells: Set<string> }>();
  for (const { slot, cell } of [...judged, ...reports]) {
    const entry = bySlot.get(slot.key) ?? { slot, cells: new Set<string>() };
    bySlot.set(slot.key, { slot, cells: entry.cells.add(cell) });
  }
  for (const { slot, cells } of bySlot.values()) {
    const own = reports.filter((report) => report.slot.key === slot.key);
    await reviewSlot(scope, slot, [...cells], own);
  }
}

async function handle(scope: CommandScope, commands: readonly Command[]): Promise<Answer[]> {
  const slots = new Map(commands.map((command) => [command.id, candidates(scope, command)]));
  const known = await load(scope, commands, slots);
  const judged = commands.map((command) => judge(scope, command, slots.get(command.id) ?? [], known));
  const signedIn = judged.flatMap((one) => ('signedIn' in one ? [one.signedIn] : []));
  const next = await insertSignIns(scope, signedIn, known.people);
  await reviewAfter(
    scope,
    signedIn,
    judged.flatMap((one) => ('reports' in one ? one.reports : [])),
  );
  await releaseOutgoing(
    scope,
    signedIn.map(({ slot, seat }) => ({ slot, cell: seat.cell })),
  );
  for (const { seat } of signedIn) scope.hint({ topic: 'duty', cell: seat.cell });
  return judged.map((one): Answer => {
    if ('refusal' in one) return one.refusal;
    const { command, slot, seat, verdict } = one.signedIn;
    const nextStart = next.get(command.id);
    return accepted({
      slot: slot.key,
      bed: bedOf(known.people, seat.person),
      state: verdict.state,
      signedAt: new Date(verdict.at).toISOString(),
      nextSlotStartsAt: nextStart === undefined ? null : new Date(nextStart).toISOString(),
    });
  });
}

/** Sign-in for duty: set-based, so that every cell of a house can sign in within one second. */
export const signIn: CommandKind = commandKind<typeof dutySignIn>({
  contract: dutySignIn,
  access: { by: 'device' },
  audit: (command, handled) => ({
    subjectKind: 'person',
    subjectId: provedPerson(command),
    cell: cellOf(command),
    detail:
      handled.outcome === 'accepted'
        ? { slot: handled.result.slot, state: handled.result.state, proof: command.proof?.kind ?? null }
        : { slot: command.body.slot ?? null },
  }),
  handle,
});
