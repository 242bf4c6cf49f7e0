import { type Id, type Instant, MINUTE } from '@sallyport/basics';
import { cellOfPlace, checkDigits, checkText, type PublicJwk } from '@sallyport/contracts';
import type { CommandScope } from '../../platform/commands/index.js';
import type { Config } from '../../platform/config/index.js';
import { at, type Db } from '../../platform/db/index.js';
import { cellExists } from '../person/index.js';
import { openWorkItem } from '../work/index.js';
import { codeMacs, enrolmentCodeOf } from './codes.js';

export interface NewEnrolment {
  readonly id: Id;
  readonly place: string;
  /** The device that ends when the new one is confirmed. */
  readonly replaces: Id | null;
  /** Null: the demonstration's own. */
  readonly by: Id | null;
}

export interface MadeEnrolment {
  readonly enrolment: Id;
  readonly code: string;
  readonly expiresAt: Instant;
  readonly url: string;
}

/** Where a device enrols; the code is a fragment, so that no server or proxy logs it. */
export function enrolmentUrl(origins: Config['origins'], place: string, code: string): string {
  return `${cellOfPlace(place) === null ? origins.hall : origins.cell}/#enrol=${code}`;
}

/** Whether the house has that place. Halls are named freely. */
export async function placeExists(db: Db, place: string): Promise<boolean> {
  const cell = cellOfPlace(place);
  return cell === null || cellExists(db, cell);
}

/** Makes a one-time code for a device at a place; see the policy for its life and tries. */
export async function makeEnrolment(scope: CommandScope, origins: Config['origins'], wanted: NewEnrolment): Promise<MadeEnrolment> {
  const { enrolmentMinutes, enrolmentTries } = scope.policy.device;
  const code = enrolmentCodeOf(scope.keys, wanted.id);
  const { lookup, whole } = codeMacs(scope.keys, code);
  const expiresAt = scope.now + enrolmentMinutes * MINUTE;
  await scope.trx
    .insertInto('device_enrolment')
    .values({
      id: wanted.id,
      place: wanted.place,
      lookup_mac: lookup,
      code_mac: whole,
      created_by: wanted.by,
      created_at: new Date(scope.now),
      expires_at: new Date(expiresAt),
      tries_left: enrolmentTries,
      replaces: wanted.replaces,
    })
    .execute();
  scope.hint({ topic: 'device', cell: cellOfPlace(wanted.place) });
  return { enrolment: wanted.id, code, expiresAt, url: enrolmentUrl(origins, wanted.place, code) };
}

export interface EnrolAttempt {
  readonly code: string;
  readonly publicKey: PublicJwk;
  readonly profile: { readonly build: string; readonly screen: string; readonly userAgent: string };
}
export interface EnrolledDevice {
  readonly id: Id;
  readonly place: string;
  readonly checkValue: string;
  readonly state: 'waiting' | 'active' | 'refused';
}
export type EnrolFailure = 'CODE_WRONG' | 'CODE_EXPIRED' | 'TOO_MANY_TRIES' | 'KEY_INVALID' | 'KEY_KNOWN';
export type EnrolResult =
  | { readonly ok: true; readonly device: EnrolledDevice; readonly fresh: boolean }
  | { readonly ok: false; readonly failure: EnrolFailure; readonly place: string | null };

const failed = (failure: EnrolFailure, place: string | null = null): EnrolResult => ({ ok: false, failure, place });

interface EnrolmentRow {
  readonly id: Id;
  readonly place: string;
  readonly replaces: Id | null;
  readonly device: Id | null;
}

/** The open enrolment that the code opens; a wrong second half costs the enrolment one of its tries. */
async function openEnrolment(scope: CommandScope, code: string): Promise<EnrolmentRow | EnrolResult> {
  const { lookup, whole } = codeMacs(scope.keys, code);
  const rows = await scope.trx.selectFrom('device_enrolment').selectAll().where('lookup_mac', '=', lookup).orderBy('id').forUpdate().execute();
  const open = rows.filter((row) => row.expires_at > scope.now && row.tries_left > 0);
  const match = open.find((row) => row.code_mac.equals(whole));
  if (match) return match;
  const [first] = open;
  if (first) {
    await scope.trx
      .updateTable('device_enrolment')
      .set({ tries_left: first.tries_left - 1 })
      .where('id', '=', first.id)
      .execute();
    return failed(first.tries_left === 1 ? 'TOO_MANY_TRIES' : 'CODE_WRONG', first.place);
  }
  const dead = rows.at(-1);
  if (!dead) return failed('CODE_WRONG');
  return failed(dead.tries_left === 0 ? 'TOO_MANY_TRIES' : 'CODE_EXPIRED', dead.place);
}

async function addDevice(scope: CommandScope, enrolment: EnrolmentRow, attempt: EnrolAttempt, thumbprint: string): Promise<EnrolResult> {
  const { trx, now, keys } = scope;
  const id = scope.newId();
  const checkValue = checkDigits(keys.provider.sha256(checkText(id, attempt.publicKey, keys.sealKey.jwk)));
  const { build, screen, userAgent } = attempt.profile;
  await trx
    .insertInto('device')
    .values({
      id,
      place: enrolment.place,
      state: 'waiting',
      public_key: JSON.stringify(attempt.publicKey),
      thumbprint,
      check_value: checkValue,
      build,
      screen,
      user_agent: userAgent,
      enrolled_at: new Date(now),
      replaces: enrolment.replaces,
    })
    .execute();
  await trx
    .updateTable('device_enrolment')
    .set({ device: id, used_at: at(now) })
    .where('id', '=', enrolment.id)
    .execute();
  const cell = cellOfPlace(enrolment.place);
  await openWorkItem(scope, { kind: 'device-enrolment', ref: id, cell, place: enrolment.place });
  scope.hint({ topic: 'device', cell });
  return { ok: true, device: { id, place: enrolment.place, checkValue, state: 'waiting' }, fresh: true };
}

/** Turns a code and a key into a waiting device. The same key with the same code gets the same device again: an answer may be lost. */
export async function enrol(scope: CommandScope, attempt: EnrolAttempt): Promise<EnrolResult> {
  if (scope.keys.provider.publicKey(attempt.publicKey) === null) return failed('KEY_INVALID');
  const enrolment = await openEnrolment(scope, attempt.code);
  if ('ok' in enrolment) return enrolment;
  const thumbprint = scope.keys.provider.thumbprint(attempt.publicKey);
  const known = await scope.trx.selectFrom('device').select(['id', 'place', 'state', 'check_value']).where('thumbprint', '=', thumbprint).executeTakeFirst();
  if (known && known.id === enrolment.device && known.state !== 'revoked')
    return {
      ok: true,
      device: { id: known.id, place: known.place, checkValue: known.check_value, state: known.state as EnrolledDevice['state'] },
      fresh: false,
    };
  if (known) return failed('KEY_KNOWN', enrolment.place);
  if (enrolment.device !== null) return failed('CODE_WRONG', enrolment.place);
  return addDevice(scope, enrolment, attempt, thumbprint);
}
