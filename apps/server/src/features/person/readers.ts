import type { Instant } from '@sallyport/basics';
import {
  type BodyOf,
  cellOfPlace,
  PAGE_LIMIT,
  place,
  READERS_PER_PLACE,
  readerId,
  readerList,
  readerRegister,
  readerRename,
  readerRevoke,
  type ReaderView,
  type ResultOf,
  terminalReaders,
} from '@sallyport/contracts';
import { blocksFor } from '@sallyport/domain';
import { sql } from 'kysely';
import { accepted, type CommandKind, commandKind, type CommandScope, type Handled, type Incoming, oneByOne, refused } from '../../platform/commands/index.js';
import { intl } from '../../platform/crypto/index.js';
import { deviceQuery, officerQuery, positionText, type Query, readPosition } from '../../platform/queries/index.js';

type Nothing = Record<never, never>;

const NOT_FOUND = refused('NOT_FOUND', 'There is no such active reader.');
const DEFAULT_ROWS = 50;

/** Registrations at one place wait for each other, so that the limit of a place holds. */
async function lockPlace({ trx }: CommandScope, where: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`readers ${where}`}, 0))`.execute(trx);
}

async function placeIsThere({ trx }: CommandScope, where: string): Promise<boolean> {
  const cell = cellOfPlace(where);
  return cell === null || (await trx.selectFrom('cell').select('number').where('number', '=', cell).executeTakeFirst()) !== undefined;
}

async function activeAt({ trx }: CommandScope, where: string): Promise<number> {
  const rows = await trx.selectFrom('bridge_key').select('id').where('place', '=', where).where('revoked_at', 'is', null).execute();
  return rows.length;
}

async function register(scope: CommandScope, { body, actor }: Incoming<BodyOf<typeof readerRegister>>): Promise<Handled<ResultOf<typeof readerRegister>>> {
  const { provider } = scope.keys;
  if (!(await placeIsThere(scope, body.place))) return refused('NOT_FOUND', `There is no place ${body.place} in this house.`);
  if (provider.publicKey(body.publicKey) === null) return refused('BODY_INVALID', 'publicKey: must be a point of P-256.');
  await lockPlace(scope, body.place);
  if ((await activeAt(scope, body.place)) >= READERS_PER_PLACE) {
    return refused('READERS_FULL', `${body.place} has ${READERS_PER_PLACE} readers, the most of one place. Revoke one first.`);
  }
  const id = provider.thumbprint(body.publicKey);
  const made = await scope.trx
    .insertInto('bridge_key')
    .values({
      id,
      place: body.place,
      name: body.name,
      reader: body.reader,
      public_jwk: JSON.stringify(body.publicKey),
      registered_at: new Date(scope.now),
      registered_by: actor.id,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!made) return refused('READER_KEY_KNOWN', 'A reader with this key was registered before. Make a new key at the reader.');
  scope.hint({ topic: 'device', cell: cellOfPlace(body.place) });
  return accepted({ reader: id });
}

async function lockReader({ trx }: CommandScope, id: string) {
  return trx.selectFrom('bridge_key').select(['place', 'version']).where('id', '=', id).where('revoked_at', 'is', null).forUpdate().executeTakeFirst();
}

async function rename(scope: CommandScope, { body }: Incoming<BodyOf<typeof readerRename>>): Promise<Handled<ResultOf<typeof readerRename>>> {
  const reader = await lockReader(scope, body.reader);
  if (!reader) return NOT_FOUND;
  if (reader.version !== body.seenVersion) {
    return refused('STALE_VERSION', 'Somebody changed this reader meanwhile. Look again.', { version: reader.version });
  }
  const version = reader.version + 1;
  await scope.trx.updateTable('bridge_key').set({ name: body.name, version }).where('id', '=', body.reader).execute();
  scope.hint({ topic: 'device', cell: cellOfPlace(reader.place) });
  return accepted({ version });
}

async function revoke(scope: CommandScope, { body, actor }: Incoming<BodyOf<typeof readerRevoke>>): Promise<Handled<Nothing>> {
  const reader = await lockReader(scope, body.reader);
  if (!reader) return NOT_FOUND;
  await scope.trx
    .updateTable('bridge_key')
    .set({ revoked_at: new Date(scope.now), revoked_by: actor.id, version: reader.version + 1 })
    .where('id', '=', body.reader)
    .execute();
  scope.hint({ topic: 'device', cell: cellOfPlace(reader.place) });
  return accepted({});
}

const byDeviceAdministrator = { by: 'officer', permission: 'device.manage' } as const;

/** What device administrators do with the readers beside terminals. */
export const readerCommands: readonly CommandKind[] = [
  commandKind<typeof readerRegister>({
    contract: readerRegister,
    access: byDeviceAdministrator,
    audit: ({ body }) => ({
      subjectKind: 'reader',
      subjectId: intl.thumbprint(body.publicKey),
      cell: cellOfPlace(body.place),
      detail: { place: body.place, name: body.name, reader: body.reader },
    }),
    handle: oneByOne(register),
  }),
  commandKind<typeof readerRename>({
    contract: readerRename,
    access: byDeviceAdministrator,
    audit: ({ body }) => ({ subjectKind: 'reader', subjectId: body.reader, detail: { name: body.name } }),
    handle: oneByOne(rename),
  }),
  commandKind<typeof readerRevoke>({
    contract: readerRevoke,
    access: byDeviceAdministrator,
    audit: ({ body }) => ({ subjectKind: 'reader', subjectId: body.reader, reason: body.reason }),
    handle: oneByOne(revoke),
  }),
];

const iso = (instant: Instant) => new Date(instant).toISOString();
/** A reader lies at a place; its blocks are those of the place's cell. Places outside the cells are everybody's. */
const blockOfPlace = sql<string>`substr(place, 6, 2)`;

const list = officerQuery<typeof readerList>({
  contract: readerList,
  permission: 'device.read',
  audit: null,
  read: async ({ db, actor }, _params, search) => {
    const limit = Math.min(search.limit ?? DEFAULT_ROWS, PAGE_LIMIT);
    const blocks = blocksFor(actor.posts, 'device.read');
    let query = db
      .selectFrom('bridge_key as r')
      .leftJoin('officer as maker', 'maker.id', 'r.registered_by')
      .leftJoin('officer as ender', 'ender.id', 'r.revoked_by')
      .select(['r.id', 'place', 'r.name', 'reader', 'registered_at', 'revoked_at', 'r.version', 'maker.name as maker_name', 'ender.name as ender_name']);
    if (search.ended !== 'yes') query = query.where('revoked_at', 'is', null);
    if (search.place !== undefined) query = query.where('place', '=', search.place);
    if (blocks !== 'all') query = query.where((where) => where.or([where('place', 'like', 'hall:%'), where(blockOfPlace, 'in', ['--', ...blocks])]));
    const after = readPosition(search.cursor, [place, readerId]);
    if (after) query = query.where(sql<boolean>`(place, r.id) > (${after[0]}, ${after[1]})`);
    const rows = await query
      .orderBy('place')
      .orderBy('r.id')
      .limit(limit + 1)
      .execute();
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      rows: shown.map((row) => ({
        id: row.id,
        place: row.place,
        name: row.name,
        reader: row.reader as ReaderView['reader'],
        registeredAt: iso(row.registered_at),
        registeredBy: row.maker_name,
        revokedAt: row.revoked_at === null ? null : iso(row.revoked_at),
        revokedBy: row.ender_name,
        version: row.version,
      })),
      nextCursor: rows.length > limit && last ? positionText([last.place, last.id]) : null,
    };
  },
});

const atTerminal = deviceQuery<typeof terminalReaders>({
  contract: terminalReaders,
  read: async ({ db, actor }) => {
    const rows = await db
      .selectFrom('bridge_key')
      .select(['id', 'name', 'reader'])
      .where('place', '=', actor.place)
      .where('revoked_at', 'is', null)
      .orderBy('registered_at')
      .limit(READERS_PER_PLACE)
      .execute();
    return { readers: rows.map((row) => ({ ...row, reader: row.reader as ReaderView['reader'] })) };
  },
});

/** What the console and a terminal read about readers. */
export const readerQueries: readonly Query[] = [list, atTerminal];
