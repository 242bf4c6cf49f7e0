import { type Id, type Instant, must } from '@sallyport/basics';
import { cellOfPlace, type CommandOutcome } from '@sallyport/contracts';
import { type RawBuilder, sql } from 'kysely';
import { type AuditRecord, auditInsert } from '../audit/index.js';
import type { Trx } from '../db/index.js';
import { changesInsert, FENCE } from '../realtime/changes.js';
import type { Arrival } from './arrival.js';
import { RaceError } from '../db/failures.js';
import type { DeviceActor, Hint } from './kind.js';
import type { Noted, Progress, Span } from './sequence.js';

/** A command that has its outcome already. `result` is what was stored, without secrets. */
export interface Known {
  readonly id: Id;
  readonly kind: string;
  readonly fingerprint: Buffer;
  readonly outcome: CommandOutcome['outcome'];
  readonly code: CommandOutcome['code'] | null;
  readonly message: string | null;
  readonly details: Record<string, unknown> | null;
  readonly result: Record<string, unknown> | null;
}

export interface NumberedProgress extends Progress {
  readonly device: Id;
  readonly generation: Id;
  readonly isNew: boolean;
}

const iso = (instant: Instant) => new Date(instant).toISOString();
const jsonText = (value: unknown) => (value === undefined || value === null ? null : JSON.stringify(value));

/** The commands among these ids that have an outcome. */
async function knownCommands(trx: Trx, ids: readonly Id[]): Promise<Map<Id, Known>> {
  const { rows } = await sql<Known>`select id, kind, fingerprint, outcome, code, message, details, result from command where id = any(${ids}::uuid[])`.execute(
    trx,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** What a batch asks before its commands are judged. */
export interface AskedBefore {
  readonly ids: readonly Id[];
  readonly devices: readonly Id[];
  /** The device and generation of every numbered command. */
  readonly pairs: readonly { readonly device: Id; readonly generation: Id }[];
}

export interface Before {
  readonly known: ReadonlyMap<Id, Known>;
  /** The devices as they are now: place and state count from the moment they were committed. */
  readonly devices: ReadonlyMap<Id, DeviceActor>;
  /** How far the devices have come, by `device generation`. A generation not seen before starts at 0. */
  readonly progress: ReadonlyMap<string, NumberedProgress>;
}

interface BeforeRow {
  readonly known: boolean;
  readonly id: Id | null;
  readonly place: string;
  readonly state: DeviceActor['state'];
  readonly generation: Id | null;
  readonly high: number;
  readonly missing: Span[];
}

/**
 * Reads all that decides before a handler: who sends, how far each device has come (locked, in one order for all), which ids have their outcome.
 * One statement where no id is known. An id that another process answers while this one waits for the locks is not seen here;
 * it fails in `writeOutcomes`, and the next try sees it.
 */
export async function readBefore(trx: Trx, { ids, devices: asked, pairs }: AskedBefore): Promise<Before> {
  const { rows } = await sql<BeforeRow>`
    with locked as (
      select s.device, s.generation, s.high, s.missing from device_sequence s
      join unnest(${pairs.map((pair) => pair.device)}::uuid[], ${pairs.map((pair) => pair.generation)}::uuid[]) as wanted (device, generation) using (device, generation)
      order by s.device, s.generation for update of s
    )
    select k.known, d.id, d.place, d.state, l.generation, l.high, l.missing
    from (select exists (select 1 from command where id = any(${ids}::uuid[])) as known) k
    left join device d on d.id = any(${asked}::uuid[]) left join locked l on l.device = d.id`.execute(trx);
  const devices = new Map<Id, DeviceActor>();
  const progress = new Map<string, NumberedProgress>(
    pairs.map(({ device, generation }) => [`${device} ${generation}`, { device, generation, high: 0, missing: [], isNew: true }]),
  );
  for (const { id, place, state, generation, high, missing } of rows) {
    if (id === null) continue;
    devices.set(id, { kind: 'device', id, place, cell: cellOfPlace(place), state });
    if (generation !== null) progress.set(`${id} ${generation}`, { device: id, generation, high, missing, isNew: false });
  }
  return { devices, progress, known: rows[0]?.known ? await knownCommands(trx, ids) : new Map() };
}

/** One device's numbers after a batch. */
export interface ProgressChange {
  readonly before: NumberedProgress;
  readonly after: Noted;
}

function progressColumns(part: readonly ProgressChange[]): RawBuilder<unknown> {
  return sql`unnest(${part.map(({ before }) => before.device)}::uuid[], ${part.map(({ before }) => before.generation)}::uuid[],
      ${part.map(({ after }) => after.high)}::bigint[], ${part.map(({ after }) => jsonText(after.missing))}::jsonb[]) as change (device, generation, high, missing)`;
}

/** Gaps that became visible, and gaps that are whole again. Rare, so in statements of their own. */
export async function writeGaps(
  trx: Trx,
  now: Instant,
  changes: readonly ProgressChange[],
  isFilled: (span: Span, missing: readonly Span[]) => boolean,
): Promise<void> {
  const noticed = changes.flatMap(({ before, after }) =>
    after.noticed.map(([from, to]) => ({ device: before.device, generation: before.generation, from_seq: from, to_seq: to, noticed_at: new Date(now) })),
  );
  if (noticed.length > 0)
    await trx
      .insertInto('device_gap')
      .values(noticed)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  for (const { before, after } of changes.filter((change) => change.after.filled)) {
    const open = await trx
      .selectFrom('device_gap')
      .select(['from_seq', 'to_seq'])
      .where('device', '=', before.device)
      .where('generation', '=', before.generation)
      .where('filled_at', 'is', null)
      .execute();
    const whole = open.filter((gap) => isFilled([gap.from_seq, gap.to_seq], after.missing)).map((gap) => gap.from_seq);
    if (whole.length === 0) continue;
    await trx
      .updateTable('device_gap')
      .set({ filled_at: new Date(now) })
      .where('device', '=', before.device)
      .where('generation', '=', before.generation)
      .where('from_seq', 'in', whole)
      .where('filled_at', 'is', null)
      .execute();
  }
}

export interface Recorded {
  readonly arrival: Arrival;
  readonly outcome: CommandOutcome;
  /** The result as it rests, without secrets. */
  readonly storedResult: Record<string, unknown> | undefined;
}

function commandInsert(records: readonly Recorded[]): RawBuilder<unknown> {
  const column = (read: (record: Recorded) => unknown) => sql`${records.map((record) => read(record) ?? null)}`;
  return sql`
    insert into command (id, kind, version, fingerprint, maker_kind, maker, outcome, code, message, details, result, claimed_at, received_at, corrected_at, skew_ms, generation, seq)
    select * from unnest(
      ${column(({ arrival }) => arrival.id)}::uuid[], ${column(({ arrival }) => arrival.kind)}::text[], ${column(({ arrival }) => arrival.version)}::integer[],
      ${column(({ arrival }) => arrival.fingerprint)}::bytea[], ${column(({ arrival }) => arrival.sender.kind)}::text[], ${column(({ arrival }) => arrival.sender.id)}::uuid[],
      ${column(({ outcome }) => outcome.outcome)}::text[], ${column(({ outcome }) => outcome.code)}::text[], ${column(({ outcome }) => outcome.message?.slice(0, 500))}::text[],
      ${column(({ outcome }) => jsonText(outcome.details))}::jsonb[], ${column(({ storedResult }) => jsonText(storedResult))}::jsonb[],
      ${column(({ arrival }) => iso(arrival.times.claimedAt))}::timestamptz[], ${column(({ arrival }) => iso(arrival.times.receivedAt))}::timestamptz[],
      ${column(({ arrival }) => iso(arrival.times.correctedAt))}::timestamptz[], ${column(({ arrival }) => arrival.times.skewMs)}::bigint[],
      ${column(({ arrival }) => arrival.number?.generation)}::uuid[], ${column(({ arrival }) => arrival.number?.seq)}::bigint[])
    on conflict (id) do nothing`;
}

/** Gives ids their outcomes for ever, in one statement. @throws RaceError when another process gave one of them its outcome meanwhile. */
export async function recordCommands(trx: Trx, records: readonly Recorded[]): Promise<void> {
  if (records.length === 0) return;
  const { numAffectedRows } = await commandInsert(records).execute(trx);
  if (Number(numAffectedRows) !== records.length) throw new RaceError('another process answered one of the commands');
}

/** All that a batch leaves behind beside the effects of its handlers. */
export interface Outcomes {
  readonly now: Instant;
  readonly records: readonly Recorded[];
  readonly changes: readonly ProgressChange[];
  readonly audit: readonly AuditRecord[];
  readonly hints: readonly Hint[];
}

/**
 * Writes outcomes, numbers, audit records and the feed in one statement, whose text is always the same. Gives the cursor from which the
 * hints will be found, or null without hints. Nothing to write: no statement. @throws RaceError when another process answered one of the commands, or began one of the generations, meanwhile.
 */
export async function writeOutcomes(trx: Trx, { now, records, changes, audit, hints }: Outcomes): Promise<string | null> {
  if (records.length + changes.length + audit.length + hints.length === 0) return null;
  const known = changes.filter(({ before }) => !before.isNew);
  const begun = changes.filter(({ before }) => before.isNew);
  const { rows } = await sql<{ recorded: number; begun: number; fence: string }>`
    with recorded as (${commandInsert(records)} returning 1),
    numbered as (update device_sequence s set high = change.high, missing = change.missing from ${progressColumns(known)}
      where s.device = change.device and s.generation = change.generation),
    begun as (insert into device_sequence (device, generation, high, missing, started_at)
      select device, generation, high, missing, ${iso(now)}::timestamptz from ${progressColumns(begun)} on conflict (device, generation) do nothing returning 1),
    audited as (${auditInsert(audit)}),
    told as (${changesInsert(now, hints)})
    select (select count(*)::int from recorded) as recorded, (select count(*)::int from begun) as begun, ${FENCE} as fence`.execute(trx);
  const written = must(rows[0], 'what was written');
  if (written.recorded !== records.length) throw new RaceError('another process answered one of the commands');
  if (written.begun !== begun.length) throw new RaceError('another process began the same generation');
  return hints.length === 0 ? null : written.fence;
}

/** Keeps what could not be done, as it came. Its command row must be written before. */
export async function quarantine(trx: Trx, now: Instant, arrival: Arrival, error: string, attempts: number): Promise<void> {
  await trx
    .insertInto('command_quarantine')
    .values({ id: arrival.id, envelope: JSON.stringify(arrival.envelope), error: error.slice(0, 1_000), attempts, parked_at: new Date(now) })
    .execute();
}
