import { generateKeyPairSync, randomFillSync } from 'node:crypto';
import { must, type Random } from '@sallyport/basics';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectDatabase } from '../db/index.js';
import { createTestDatabase, type TestDatabase } from '../db/testing.js';
import { auditLag, auditNotReady, consistencyProof, inclusionProof, latestCheckpoint, loadFrontier } from './log-store.js';
import { leafHash, rootOf, verifyConsistency, verifyInclusion } from './merkle.js';
import { COSIGNATURE, parseNote, signedBy, verifierOf } from './note.js';
import { type AuditContent, type AuditEntry, auditRecord, contentHashOf, leafHashOf } from './record.js';
import { AuditLogBroken, createSequencer, type Sequencer } from './sequencer.js';
import { acceptCosignature, cosign } from './witness.js';
import { appendAudit, eraseAudit } from './write.js';

const random: Random = { bytes: (array) => randomFillSync(array) };
const { privateKey: key } = generateKeyPairSync('ed25519');
const ORIGIN = 'sallyport/test';
const DAY = 86_400_000;
const NOON = Date.UTC(2026, 10, 22, 4);

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const fail = (error: unknown) => {
  throw error;
};
const sequencer = (batch?: number): Sequencer =>
  createSequencer({ db: database.db, key, origin: ORIGIN, onError: fail, ...(batch !== undefined && { batch }) });
const entry = (number: number, at = NOON): AuditEntry => ({
  at: at + number,
  action: 'duty.sign-in',
  actor: { kind: 'person', id: `p${number}` },
  outcome: 'accepted',
  subject: { kind: 'duty-slot', id: `s${number}` },
  cell: '0101',
  detail: { number },
});
const records = (count: number, at = NOON) => Array.from({ length: count }, (_, number) => auditRecord(entry(number, at), random));
const append = (count: number, at = NOON) => database.db.transaction().execute((trx) => appendAudit(trx, records(count, at)));

async function leaves() {
  const { rows } = await sql<{ index: number; id: string; hash: Buffer; xid: string }>`
    select leaf_index as index, record_id as id, l.leaf_hash as hash, r.xid::text as xid from audit_leaf l join audit_record r on r.id = l.record_id order by leaf_index`.execute(
    database.db,
  );
  return rows;
}

interface RecordRow extends Record<'session_id' | 'device_id' | 'cell' | 'block' | 'reason' | 'actor_id' | 'subject_kind' | 'subject_id', string | null> {
  readonly id: string;
  readonly at: number;
  readonly action: string;
  readonly actor_kind: string;
  readonly outcome: string;
  readonly salt: Buffer;
  readonly content_hash: Buffer;
  readonly leaf_hash: Buffer;
  readonly shown: unknown;
  readonly detail: unknown;
}

function contentOfRow(row: RecordRow): AuditContent {
  const given = (name: string, value: unknown) => (value === null ? {} : { [name]: value });
  return {
    actor: { kind: row.actor_kind, ...given('id', row.actor_id) },
    outcome: row.outcome,
    salt: row.salt.toString('base64'),
    ...given('session', row.session_id),
    ...given('device', row.device_id),
    ...(row.subject_kind !== null && { subject: { kind: row.subject_kind, ...given('id', row.subject_id) } }),
    ...given('cell', row.cell),
    ...given('block', row.block),
    ...given('reason', row.reason),
    ...given('shown', row.shown),
    ...given('detail', row.detail),
  };
}

/** What an auditor without our code would ask: leaves without gap, in transaction order, each checkpoint the root of its leaves. */
async function expectSoundLog(size: number): Promise<void> {
  const rows = await leaves();
  expect(rows.map(({ index }) => index)).toEqual(Array.from({ length: size }, (_, index) => index));
  expect(rows.map(({ xid }) => BigInt(xid))).toEqual(rows.map(({ xid }) => BigInt(xid)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
  const { rows: checkpoints } = await sql<{
    size: number;
    root: Buffer;
    note: string;
  }>`select tree_size as size, root_hash as root, note from audit_checkpoint order by tree_size`.execute(database.db);
  for (const { size: upTo, root, note } of checkpoints) {
    expect(root).toEqual(rootOf(rows.slice(0, upTo).map(({ hash }) => hash)));
    const parsed = parseNote(note);
    expect(parsed.ok && signedBy(parsed.value, verifierOf(ORIGIN, key))).toBe(true);
  }
  expect(checkpoints.at(-1)?.size).toBe(size);
}

describe('records and leaves', () => {
  test('a record comes back from the database with the content that was hashed', async () => {
    const awkward = fc.record({
      reason: fc.option(fc.string({ unit: 'binary', maxLength: 40 })),
      detail: fc.option(fc.oneof(fc.jsonValue(), fc.double({ noNaN: true, noDefaultInfinity: true }))),
      shown: fc.option(fc.array(fc.string({ unit: 'binary' }), { maxLength: 3 })),
      session: fc.option(fc.constant('s')),
      cell: fc.option(fc.constant('0203')),
      subject: fc.option(fc.record({ kind: fc.constant('person'), id: fc.option(fc.constant('x')) })),
    });
    const written = fc.sample(awkward, { numRuns: 200, seed: 7 }).map((part, number) => auditRecord({ ...entry(number), ...part }, random));
    await database.db.transaction().execute((trx) => appendAudit(trx, written));
    const { rows } = await sql<RecordRow>`select * from audit_record order by id`.execute(database.db);
    expect(rows).toHaveLength(written.length);
    for (const row of rows) {
      const contentHash = contentHashOf(contentOfRow(row));
      expect(contentHash).toEqual(row.content_hash);
      expect(leafHashOf({ id: row.id, at: row.at, action: row.action, contentHash })).toEqual(row.leaf_hash);
    }
  });

  test('C11: appends of many concurrent transactions get dense leaves in transaction order, each record one', async () => {
    const [one, two] = [sequencer(7), sequencer(11)];
    const state = { open: true };
    const runners = [one, two].map(async (each) => {
      while (state.open) await each.step();
    });
    await Promise.all(Array.from({ length: 40 }, (_, index) => append((index % 4) + 1, NOON + index * 100)));
    state.open = false;
    await Promise.all(runners);
    await Promise.all([one.drain(), two.drain()]);
    await expectSoundLog(100);
    expect(await auditLag(database.db)).toEqual({ waiting: 0, seconds: 0 });
  });

  test('a record is not passed by: while an older transaction is open the newer one waits', async () => {
    const other = connectDatabase({ url: database.url, applicationName: 'other', onError: fail });
    const log = sequencer();
    await other.db.transaction().execute(async (trx) => {
      await appendAudit(trx, records(1));
      await append(1, NOON + 10);
      expect(await log.drain()).toBe(0);
    });
    await other.close();
    expect(await log.drain()).toBe(2);
    await expectSoundLog(2);
  });

  test('a rolled back effect leaves neither record nor leaf', async () => {
    await expect(
      database.db.transaction().execute(async (trx) => {
        await appendAudit(trx, records(3));
        throw new Error('the effect failed');
      }),
    ).rejects.toThrow('the effect failed');
    expect(await sequencer().drain()).toBe(0);
    expect(await leaves()).toEqual([]);
  });

  test('records of a restored dump, with numbers of another cluster, are taken up too', async () => {
    await append(2);
    await sql`alter table audit_pending disable trigger all`.execute(database.db);
    await sql`update audit_pending set xid = (pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 1000000)::text::xid8`.execute(database.db);
    expect(await sequencer().drain()).toBe(2);
  });
});

describe('proofs from the stored log', () => {
  test('stand for records on both sides of stored subtrees, and every checkpoint continues the earlier ones', async () => {
    const log = sequencer(500);
    for (let batch = 0; batch < 3; batch += 1) {
      await append(300, NOON + batch * 1_000);
      await log.drain();
    }
    const checkpoint = must(await latestCheckpoint(database.db), 'checkpoint');
    expect(checkpoint.size).toBe(900);
    const rows = await leaves();
    for (const index of [0, 255, 256, 299, 300, 511, 512, 767, 768, 899]) {
      const row = must(rows[index], 'leaf');
      const proof = must(await inclusionProof(database.db, row.id), 'proof');
      expect(verifyInclusion(proof.leafIndex, 900, row.hash, proof.path, checkpoint.root)).toBe(true);
    }
    for (const older of [300, 600, 900]) {
      const before = must(await latestCheckpoint(database.db, older), 'checkpoint');
      expect(verifyConsistency(older, 900, before.root, checkpoint.root, await consistencyProof(database.db, older, 900))).toBe(true);
    }
    expect((await loadFrontier(database.db, 900)).root()).toEqual(checkpoint.root);
    expect(await inclusionProof(database.db, must(records(1)[0], 'record').id)).toBeNull();
  });

  test("another host's line is kept once it verifies", async () => {
    await append(1);
    await sequencer().drain();
    const { note } = must(await latestCheckpoint(database.db), 'checkpoint');
    const pair = generateKeyPairSync('ed25519');
    const witness = verifierOf('province/w', pair.publicKey, COSIGNATURE);
    const line = cosign(`${note.split('\n\n')[0]}\n`, 'province/w', pair.privateKey, NOON);
    const accept = (size: number, text: string) => database.db.transaction().execute((trx) => acceptCosignature(trx, size, text, witness));
    expect(await accept(1, line)).toEqual({ ok: true, value: NOON });
    expect(await accept(1, line)).toEqual({ ok: true, value: NOON });
    expect((await accept(2, line)).ok).toBe(false);
    expect((await accept(1, line.replace('province/w', 'province/x'))).ok).toBe(false);
    const { rows } = await sql`select tree_size, key_name from audit_cosignature`.execute(database.db);
    expect(rows).toEqual([{ tree_size: 1, key_name: 'province/w' }]);
  });
});

describe('after a kill', () => {
  test.each(['audit_leaf', 'audit_checkpoint', 'audit_pending'])(
    'the connection cut while %s is written leaves the old log, and the next process goes on',
    async (table) => {
      await append(5);
      await sequencer().drain();
      await append(5, NOON + 100);
      const cut = table === 'audit_pending' ? 'after delete' : 'after insert';
      await sql`create function cut() returns trigger language plpgsql as 'begin perform pg_terminate_backend(pg_backend_pid()); return null; end'`.execute(
        database.db,
      );
      await sql.raw(`create trigger cut ${cut} on ${table} for each statement execute function cut()`).execute(database.db);
      await expect(sequencer().drain()).rejects.toThrow();
      await expectSoundLog(5);
      await sql.raw(`drop trigger cut on ${table}`).execute(database.db);
      expect(await sequencer().drain()).toBe(5);
      await expectSoundLog(10);
    },
  );

  test('a log that was not signed by this key is not continued', async () => {
    await append(3);
    await sequencer().drain();
    await append(1, NOON + 10);
    const stranger = createSequencer({ db: database.db, key: generateKeyPairSync('ed25519').privateKey, origin: ORIGIN, onError: fail });
    await expect(stranger.drain()).rejects.toThrow(AuditLogBroken);
    const changed = createSequencer({
      db: database.db,
      key: generateKeyPairSync('ed25519').privateKey,
      origin: ORIGIN,
      earlierKeys: [verifierOf(ORIGIN, key)],
      onError: fail,
    });
    expect(await changed.drain()).toBe(1);
  });

  test('a log that was cut back or rewritten under a running process is not continued', async () => {
    const log = sequencer();
    await append(3);
    await log.drain();
    await append(1, NOON + 10);
    await sql`alter table audit_checkpoint disable trigger all`.execute(database.db);
    await sql`update audit_checkpoint set root_hash = sha256('')`.execute(database.db);
    await expect(log.drain()).rejects.toThrow(AuditLogBroken);
    await expect(sequencer().drain()).rejects.toThrow(AuditLogBroken);
    await sql`delete from audit_checkpoint`.execute(database.db);
    await expect(log.drain()).rejects.toThrow('went back');
  });
});

describe('the timer', () => {
  test('appends by itself, reports what fails, and stops', async () => {
    const errors: unknown[] = [];
    const log = createSequencer({ db: database.db, key, origin: ORIGIN, onError: (error) => errors.push(error) });
    await append(2);
    log.start(10);
    await expect.poll(() => auditLag(database.db)).toEqual({ waiting: 0, seconds: 0 });
    await sql`alter table audit_pending rename to audit_pending_away`.execute(database.db);
    await expect.poll(() => errors.length).toBeGreaterThan(0);
    await log.stop();
    await sql`alter table audit_pending_away rename to audit_pending`.execute(database.db);
    await append(1, NOON + 10);
    expect(await auditLag(database.db)).toMatchObject({ waiting: 1 });
  });

  test('a lag above 60 s is not ready', async () => {
    await append(1);
    expect(await auditNotReady(database.db)).toBeUndefined();
    await sql`alter table audit_pending disable trigger all`.execute(database.db);
    await sql`update audit_pending set queued_at = now() - interval '75 seconds'`.execute(database.db);
    expect(await auditNotReady(database.db)).toContain('75 s behind (1 records wait)');
  });
});

describe('held by the database itself', () => {
  const refused = /append-only|numbered without a gap|has its hash|covers the whole log|waits until it has its leaf|carries the transaction/;

  test('no statement changes, removes or invents anything', async () => {
    await append(1);
    await sequencer().drain();
    await append(1, NOON + 10);
    const statements = [
      ...['record', 'leaf', 'subtree', 'checkpoint', 'cosignature', 'pending'].map((name) => `truncate audit_${name} cascade`),
      ...['record', 'leaf', 'checkpoint', 'pending'].map((name) => `delete from audit_${name}`),
      `update audit_record set reason = 'other'`,
      `update audit_record set erased_at = now(), salt = null, actor_kind = null, actor_id = null, subject_kind = null, subject_id = null, cell = null, block = null, outcome = null, detail = null`,
      `update audit_leaf set leaf_hash = sha256('x')`,
      `update audit_checkpoint set note = 'x'`,
      `update audit_pending set leaf_hash = sha256('x')`,
      `insert into audit_leaf select 7, record_id, leaf_hash from audit_pending`,
      `insert into audit_leaf select 1, record_id, sha256('x') from audit_pending`,
      `insert into audit_checkpoint values (2, sha256('x'), 'x')`,
    ];
    for (const statement of statements) await expect(sql.raw(statement).execute(database.db), statement).rejects.toThrow(refused);
  });

  test('a record cannot claim an older transaction', async () => {
    await append(1);
    const insert = sql`insert into audit_record (id, xid, at, action, content_hash, leaf_hash, salt, actor_kind, outcome)
      values ('019aa9e2-4b00-7000-8000-000000000000', '3', to_timestamp(x'019aa9e24b00'::bigint / 1000.0), 'a.b', sha256('a'), sha256('b'), decode(repeat('00', 16), 'hex'), 'system', 'accepted')`;
    await expect(insert.execute(database.db)).rejects.toThrow(refused);
  });

  test('retention erases content after the days of the policy, never leaves, and says so', async () => {
    const now = Date.now();
    await append(2, now - 400 * DAY);
    await append(1, now - 200 * DAY);
    const erase = (days: number) => database.db.transaction().execute((trx) => eraseAudit(trx, { now, random, days }));
    expect(await erase(365)).toBe(0);
    await sequencer().drain();
    await expect(erase(179)).rejects.toThrow('at least 180 days');
    expect(await erase(365)).toBe(2);
    await sequencer().drain();
    await expectSoundLog(4);
    const { rows } = await sql`select action, detail, erased_at is not null as erased from audit_record order by id`.execute(database.db);
    expect(rows).toEqual([
      { action: 'duty.sign-in', detail: null, erased: true },
      { action: 'duty.sign-in', detail: null, erased: true },
      { action: 'duty.sign-in', detail: { number: 0 }, erased: false },
      { action: 'audit.erase', detail: { days: 365, erased: 2 }, erased: false },
    ]);
  });

  test('a leaf hash is that of RFC 6962, so other programs can check it', async () => {
    await append(1);
    await sequencer().drain();
    const { rows } = await sql<{
      hash: Buffer;
      id: string;
      content: string;
    }>`select l.leaf_hash as hash, r.id, encode(r.content_hash, 'base64') as content from audit_leaf l join audit_record r on r.id = l.record_id`.execute(
      database.db,
    );
    const row = must(rows[0], 'row');
    expect(row.hash).toEqual(
      leafHash(Buffer.from(`{"action":"duty.sign-in","at":"${new Date(NOON).toISOString()}","content":"${row.content}","id":"${row.id}","v":1}`)),
    );
  });
});
