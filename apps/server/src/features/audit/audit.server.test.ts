import { randomFillSync, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DAY, must, newId, type Random } from '@sallyport/basics';
import { defaultPolicy } from '@sallyport/contracts';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AuditEntry, appendAudit, auditRecord, createSequencer, loadAuditKey } from '../../platform/audit/index.js';
import { auditVerify } from '../../platform/audit/verify-program.js';
import type { CommandScope } from '../../platform/commands/kind.js';
import { createTestDatabase, type TestDatabase } from '../../platform/db/testing.js';
import { auditRetention, ensureAuditRetention } from './retention.js';
import { auditLogState, auditRecordProofOf, listAuditRecords } from './store.js';

const random: Random = { bytes: (array) => randomFillSync(array) };
const NOON = Date.UTC(2026, 10, 22, 4);
const iso = (at: number) => new Date(at).toISOString();

let database: TestDatabase;
let folder: string;
beforeEach(async () => {
  [database, folder] = await Promise.all([createTestDatabase(), mkdtemp(path.join(os.tmpdir(), 'audit-'))]);
});
afterEach(() => Promise.all([database.drop(), rm(folder, { recursive: true })]));

async function append(...entries: Partial<AuditEntry>[]): Promise<string[]> {
  const records = entries.map((entry, number) =>
    auditRecord({ at: NOON + number * 1_000, action: 'duty.sign-in', actor: { kind: 'person', id: 'p1' }, outcome: 'accepted', ...entry }, random),
  );
  await database.db.transaction().execute((trx) => appendAudit(trx, records));
  return records.map(({ id }) => id);
}

async function sequence(): Promise<void> {
  const key = await loadAuditKey(folder, 'sallyport/test');
  const fail = (error: unknown) => {
    throw error;
  };
  await createSequencer({ db: database.db, key, origin: 'sallyport/test', onError: fail }).drain();
}

describe('the viewer', () => {
  test('shows the newest first, in pages, with the place in the log once there is one', async () => {
    await append({}, {}, {}, {}, {});
    await sequence();
    await append({ at: NOON + 60_000 });
    const first = await listAuditRecords(database.db, { limit: 4 });
    expect(first.rows.map(({ leafIndex }) => leafIndex)).toEqual([null, 4, 3, 2]);
    const second = await listAuditRecords(database.db, { limit: 4, cursor: must(first.nextCursor, 'cursor') });
    expect(second.rows.map(({ leafIndex }) => leafIndex)).toEqual([1, 0]);
    expect(second.nextCursor).toBeNull();
  });

  test('filters by time, actor, action, subject, cell and outcome, all together', async () => {
    const [a, b, c, d] = await append(
      { cell: '0101', subject: { kind: 'duty-slot', id: 's1' } },
      { cell: '0102', actor: { kind: 'officer', id: 'o1' } },
      { action: 'person.view', shown: ['name'], outcome: 'refused', reason: 'NOT_ALLOWED' },
      { cell: '0101', actor: { kind: 'officer', id: 'o1' } },
    );
    const ids = async (filter: Parameters<typeof listAuditRecords>[1]) => (await listAuditRecords(database.db, filter)).rows.map(({ id }) => id);
    expect(await ids({ cell: '0101' })).toEqual([d, a]);
    expect(await ids({ actor: 'o1' })).toEqual([d, b]);
    expect(await ids({ actor: 'o1', cell: '0101' })).toEqual([d]);
    expect(await ids({ action: 'person.view' })).toEqual([c]);
    expect(await ids({ outcome: 'refused' })).toEqual([c]);
    expect(await ids({ subject: 's1' })).toEqual([a]);
    expect(await ids({ from: iso(NOON + 1_000), to: iso(NOON + 3_000) })).toEqual([c, b]);
  });

  test('names officers, and only officers', async () => {
    const officer = newId({ now: () => NOON }, random);
    const values = { id: officer, name: '王建国', staff_no: 'A100', posts: '[]', state: 'active', created_at: new Date(NOON) };
    await database.db.insertInto('officer').values(values).execute();
    await append({ actor: { kind: 'officer', id: officer } }, { actor: { kind: 'person', id: officer } }, { actor: { kind: 'system', id: 'timer' } });
    const page = await listAuditRecords(database.db, {});
    expect(page.rows.map(({ actor }) => actor?.name)).toEqual([null, null, '王建国']);
  });

  test('says how far the log is and what was signed', async () => {
    expect(await auditLogState(database.db)).toEqual({ checkpoint: null, waiting: 0, lagSeconds: 0 });
    await append({}, {});
    await sequence();
    const { checkpoint, waiting } = await auditLogState(database.db);
    expect(checkpoint).toMatchObject({ size: 2, cosignedBy: [] });
    expect(checkpoint?.note).toContain(`sallyport/test\n2\n${checkpoint?.root}\n\n\u2014 sallyport/test `);
    expect(waiting).toBe(0);
  });
});

describe('a proof', () => {
  async function check(proof: unknown): Promise<string> {
    const file = path.join(folder, `${randomUUID()}.json`);
    await writeFile(file, JSON.stringify(proof));
    const lines: string[] = [];
    const code = await auditVerify(['--proof', file], { DATA_DIR: folder }, (line) => lines.push(line));
    return `${code} ${lines.slice(1).join('\n')}`;
  }

  test('stands by itself, and no other record fits into it', async () => {
    const [, id = ''] = await append(
      {},
      { cell: '0101', subject: { kind: 'duty-slot', id: 's1' }, reason: '理由', shown: ['bed'], detail: { '2': 0.1, '10': [null] } },
      {},
    );
    expect(await auditRecordProofOf(database.db, id)).toBeNull();
    await sequence();
    const proof = must(await auditRecordProofOf(database.db, id), 'proof');
    expect(await check(proof)).toBe('0 Everything agrees.');
    expect(await check({ ...proof, record: { ...proof.record, content: { ...proof.record.content, cell: '0102' } } })).toContain('1 record-changed');
    expect(await check({ ...proof, record: { ...proof.record, at: iso(NOON) } })).toContain('1 not-included');
    expect(await check({ ...proof, leafIndex: 0 })).toContain('1 not-included');
    expect(await check({ ...proof, path: proof.path.slice(1) })).toContain('1 not-included');
    expect(await check({ ...proof, checkpoint: proof.checkpoint.replace('\n3\n', '\n4\n') })).toContain('1 bad-signature');
  });

  test('still proves time and action after retention erased the content', async () => {
    const [id = ''] = await append({ at: Date.now() - 400 * DAY });
    await sequence();
    await sql`select audit_erase(365, 10)`.execute(database.db);
    const proof = must(await auditRecordProofOf(database.db, id), 'proof');
    expect(proof.record.content).toBeNull();
    expect(await check(proof)).toBe('0 Everything agrees.');
  });

  test('is not made for a record that is not there', async () => {
    expect(await auditRecordProofOf(database.db, newId({ now: () => NOON }, random))).toBeNull();
  });
});

describe('retention', () => {
  const scoped = <Result>(now: number, work: (scope: CommandScope) => Promise<Result>) =>
    database.db.transaction().execute((trx) => work({ trx, now, random, policy: { ...defaultPolicy, audit: { minDays: 200 } } } as unknown as CommandScope));
  const due = async () =>
    (await sql<{ due_at: number }>`select due_at from job where kind = 'audit.retention' order by due_at`.execute(database.db)).rows.map((row) =>
      iso(row.due_at),
    );

  test('looks once a day, erases what the policy no longer keeps, and never starts twice', async () => {
    const now = Date.now();
    await append({ at: now - 300 * DAY }, { at: now - 190 * DAY });
    await sequence();
    await scoped(now, ensureAuditRetention);
    await scoped(now, ensureAuditRetention);
    const [first] = await due();
    expect(await due()).toEqual([iso(Math.ceil(now / DAY) * DAY)]);
    await scoped(Date.parse(must(first, 'job')), (scope) => auditRetention.run(scope, {} as never));
    expect(await due()).toEqual([first, iso(Math.ceil(now / DAY) * DAY + DAY)]);
    const { rows } = await listAuditRecords(database.db, {});
    expect(rows.map(({ action, erasedAt }) => [action, erasedAt !== null])).toEqual([
      ['audit.erase', false],
      ['duty.sign-in', false],
      ['duty.sign-in', true],
    ]);
  });
});
