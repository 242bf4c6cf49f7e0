import type { Id, Instant } from '@sallyport/basics';
import { sql } from 'kysely';
import type { Trx } from '../../platform/db/index.js';
import type { PersonPasskey } from './passkey.js';
import { FAILURES_KEPT_MS, type PinFailure } from './pin-limits.js';

/** Whom a proof means: a bed or a number in the cell of the device, at the time of the act. Outside the cells any number is taken. */
export interface AskedPerson {
  readonly cell: string | null;
  readonly bed: number | null;
  readonly number: string | null;
  readonly at: Instant;
}

export interface ResolvedPerson {
  readonly id: Id;
  /** Null for a person without a PIN. */
  readonly pin: { readonly salt: Buffer; readonly hash: Buffer } | null;
  readonly lockedUntil: Instant | null;
  /** Whether wrong PINs of the last day have to be read. */
  readonly hasFailures: boolean;
}

interface ResolvedRow {
  person_id: Id | null;
  salt: Buffer | null;
  hash: Buffer | null;
  locked_until: Instant | null;
  has_failures: boolean;
}

/**
 * The people meant, in the order asked; null for a bed or number that means nobody here. One statement.
 * A bed means whoever had it at the time of the act, else whoever has it now. The rows of the PINs are locked,
 * so that tries of one person at several processes are counted one after the other.
 */
export async function resolveAsked(trx: Trx, asked: readonly AskedPerson[], now: Instant): Promise<(ResolvedPerson | null)[]> {
  if (asked.length === 0) return [];
  const since = new Date(now - FAILURES_KEPT_MS).toISOString();
  const { rows } = await sql<ResolvedRow & { ord: number }>`
    with asked as (
      select * from unnest(
        ${asked.map((_, index) => index)}::int[], ${asked.map(({ cell }) => cell)}::text[], ${asked.map(({ bed }) => bed)}::int[],
        ${asked.map(({ number }) => number)}::text[], ${asked.map(({ at }) => new Date(at).toISOString())}::timestamptz[]
      ) as a(ord, cell, bed, number, at)
    ), meant as (
      select ord, case
        when number is not null then (
          select p.id from person p where p.number = asked.number and (
            asked.cell is null and p.state = 'held' or p.cell = asked.cell
            or exists (select 1 from person_stay s where s.person_id = p.id and s.cell = asked.cell and tstzrange(s.from_at, s.until_at) @> asked.at)))
        else coalesce(
          (select s.person_id from person_stay s where s.cell = asked.cell and s.bed = asked.bed and tstzrange(s.from_at, s.until_at) @> asked.at),
          (select p.id from person p where p.cell = asked.cell and p.bed = asked.bed))
        end as person_id
      from asked
    ), locked as (
      select person_id, salt, hash, locked_until from person_pin where person_id in (select person_id from meant) order by person_id for update
    )
    select meant.ord, meant.person_id, salt, hash, locked_until,
      exists (select 1 from pin_failure f where f.person_id = meant.person_id and f.at > ${since}::timestamptz) as has_failures
    from meant left join locked using (person_id) order by ord
  `.execute(trx);
  return rows.map((row) =>
    row.person_id === null
      ? null
      : {
          id: row.person_id,
          pin: row.salt && row.hash ? { salt: row.salt, hash: row.hash } : null,
          lockedUntil: row.locked_until,
          hasFailures: row.has_failures,
        },
  );
}

/** Wrong PINs of the last day, by person. No people: no statement. */
export async function failuresOf(trx: Trx, people: readonly Id[], now: Instant): Promise<Map<Id, PinFailure[]>> {
  const found = new Map<Id, PinFailure[]>();
  if (people.length === 0) return found;
  const rows = await trx
    .selectFrom('pin_failure')
    .selectAll()
    .where('person_id', 'in', [...new Set(people)])
    .where('at', '>', sql<Instant & Date>`${new Date(now - FAILURES_KEPT_MS)}::timestamptz`)
    .orderBy('at')
    .execute();
  for (const row of rows) {
    const failure = { kind: row.kind, device: row.device_id, replayed: row.replayed, actedAt: row.acted_at, at: row.at };
    found.set(row.person_id, [...(found.get(row.person_id) ?? []), failure]);
  }
  return found;
}

/** Passkeys by credential id. No ids: no statement. */
export async function passkeysOf(trx: Trx, credentials: readonly string[]): Promise<Map<string, PersonPasskey>> {
  if (credentials.length === 0) return new Map();
  const rows = await trx
    .selectFrom('person_passkey')
    .selectAll()
    .where('credential_id', 'in', [...credentials])
    .execute();
  return new Map(rows.map((row) => [row.credential_id, { credentialId: row.credential_id, person: row.person_id, publicKey: row.public_key }]));
}

export interface RegisteredReader {
  readonly place: string;
  readonly reader: string;
  readonly publicJwk: unknown;
}

/** Readers that may prove, by their id. No ids: no statement. */
export async function bridgeKeysOf(trx: Trx, bridges: readonly string[]): Promise<Map<string, RegisteredReader>> {
  if (bridges.length === 0) return new Map();
  const rows = await trx
    .selectFrom('bridge_key')
    .select(['id', 'place', 'reader', 'public_jwk'])
    .where('id', 'in', [...bridges])
    .where('revoked_at', 'is', null)
    .execute();
  return new Map(rows.map((row) => [row.id, { place: row.place, reader: row.reader, publicJwk: row.public_jwk }]));
}

interface Recorded {
  readonly newFailures: readonly { readonly command: Id; readonly person: Id; readonly failure: PinFailure }[];
  readonly locks: ReadonlyMap<Id, Instant>;
  readonly counters: ReadonlyMap<string, number>;
  readonly scope: { readonly now: Instant };
}

/** Writes what the tries left behind: wrong PINs, locks, passkey counters. Nothing wrong and no passkey: no statement. */
export async function recordProofs(trx: Trx, { newFailures, locks, counters, scope }: Recorded): Promise<void> {
  if (newFailures.length > 0) {
    const rows = newFailures.map(({ command, person, failure }) => ({
      command_id: command,
      person_id: person,
      kind: failure.kind,
      device_id: failure.device,
      replayed: failure.replayed,
      acted_at: new Date(failure.actedAt),
      at: new Date(failure.at),
    }));
    await trx.insertInto('pin_failure').values(rows).execute();
  }
  for (const [person, until] of locks) {
    await trx
      .updateTable('person_pin')
      .set({ locked_until: new Date(until) })
      .where('person_id', '=', person)
      .execute();
  }
  if (counters.size > 0) {
    await sql`
      update person_passkey set counter = greatest(person_passkey.counter, seen.counter), last_used_at = ${new Date(scope.now)}
      from unnest(${[...counters.keys()]}::text[], ${[...counters.values()]}::bigint[]) as seen(id, counter)
      where credential_id = seen.id
    `.execute(trx);
  }
}
