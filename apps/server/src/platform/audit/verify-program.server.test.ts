import { generateKeyPairSync, randomFillSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { must, type Random } from '@sallyport/basics';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../db/testing.js';
import { loadAuditKey, VERIFIER_FILE } from './key.js';
import { latestCheckpoint } from './log-store.js';
import { checkpointText, COSIGNATURE, signNote, verifierOf, verifierText } from './note.js';
import { auditRecord } from './record.js';
import { createSequencer } from './sequencer.js';
import { auditVerify } from './verify-program.js';
import { acceptCosignature, cosign } from './witness.js';
import { appendAudit } from './write.js';

const random: Random = { bytes: (array) => randomFillSync(array) };
const ORIGIN = 'sallyport/test';
const NOON = Date.UTC(2026, 10, 22, 4);

let database: TestDatabase;
let folder: string;
beforeEach(async () => {
  [database, folder] = await Promise.all([createTestDatabase(), mkdtemp(path.join(os.tmpdir(), 'audit-'))]);
});
afterEach(() => Promise.all([database.drop(), rm(folder, { recursive: true })]));

async function grow(count: number, at: number): Promise<void> {
  const key = await loadAuditKey(folder, ORIGIN);
  const records = Array.from({ length: count }, (_, number) =>
    auditRecord(
      {
        at: at + number,
        action: 'duty.sign-in',
        actor: { kind: 'person', id: 'p' },
        outcome: 'accepted',
        reason: '好',
        cell: '0101',
        detail: { number, text: '值班' },
      },
      random,
    ),
  );
  await database.db.transaction().execute((trx) => appendAudit(trx, records));
  await createSequencer({ db: database.db, key, origin: ORIGIN, onError: () => undefined }).drain();
}

async function verify(...args: string[]): Promise<{ code: number; text: string }> {
  const lines: string[] = [];
  const code = await auditVerify(args, { DATABASE_URL: database.url, DATA_DIR: folder }, (line) => lines.push(line));
  return { code, text: lines.join('\n') };
}

/** A change by somebody who owns the database: no trigger stands in the way. */
async function tamper(...statements: string[]): Promise<void> {
  await database.db.transaction().execute(async (trx) => {
    await sql`set local session_replication_role = replica`.execute(trx);
    for (const statement of statements) await sql.raw(statement).execute(trx);
  });
}

describe('an honest log', () => {
  test('agrees: 600 leaves over stored subtrees, three checkpoints, a waiting record', async () => {
    for (const batch of [0, 1, 2]) await grow(200, NOON + batch * 1_000);
    await database.db
      .transaction()
      .execute((trx) =>
        appendAudit(trx, [
          auditRecord({ at: NOON + 9_000, action: 'person.view', actor: { kind: 'officer', id: 'o' }, outcome: 'accepted', shown: ['name'] }, random),
        ]),
      );
    const { code, text } = await verify();
    expect(text).toContain('600 leaves, 3 checkpoints, 0 records erased by retention, 1 records waiting');
    expect(text).toContain('Everything agrees.');
    expect(code).toBe(0);
  });

  test('agrees when empty, and after retention erased content', async () => {
    await loadAuditKey(folder, ORIGIN);
    expect(await verify()).toMatchObject({ code: 0 });
    await grow(3, Date.now() - 400 * 86_400_000);
    await sql`select audit_erase(365, 10)`.execute(database.db);
    expect((await verify()).text).toContain('3 records erased by retention');
    expect(await verify()).toMatchObject({ code: 0 });
  });

  test('says where a record stands', async () => {
    await grow(3, NOON);
    const { rows } = await sql<{ id: string }>`select record_id as id from audit_leaf where leaf_index = 1`.execute(database.db);
    expect((await verify('--record', must(rows[0], 'leaf').id)).text).toContain('leaf 1.');
    expect(await verify('--record', '019aa9e2-4b00-7000-8000-000000000000')).toMatchObject({ code: 1 });
  });
});

describe('tampering is found', () => {
  beforeEach(async () => {
    await grow(6, NOON);
    await grow(6, NOON + 1_000);
  });

  const id = (leaf: number) => `(select record_id from audit_leaf where leaf_index = ${leaf})`;
  test.each<[what: string, finding: string, statements: string[]]>([
    ['a changed word', 'record-changed', [`update audit_record set reason = '坏' where id = ${id(3)}`]],
    ['a changed member deep in the detail', 'record-changed', [`update audit_record set detail = jsonb_set(detail, '{number}', '9') where id = ${id(3)}`]],
    ['a changed actor', 'record-changed', [`update audit_record set actor_id = 'q' where id = ${id(3)}`]],
    ['an emptied cell', 'record-changed', [`update audit_record set cell = null where id = ${id(3)}`]],
    [
      'a time moved by a millisecond',
      'record-changed',
      [`alter table audit_record drop constraint audit_record_id_tells_time`, `update audit_record set at = at + interval '1 ms' where id = ${id(3)}`],
    ],
    [
      'a content hidden as if erased',
      'before 180 days',
      [
        `update audit_record set erased_at = now(), salt = null, actor_kind = null, actor_id = null, cell = null, block = null, outcome = null, reason = null, detail = null where id = ${id(3)}`,
      ],
    ],
    ['a changed leaf', 'leaf-changed', [`update audit_leaf set leaf_hash = sha256('x') where leaf_index = 3`]],
    [
      'a record and its leaf changed together',
      'root-mismatch',
      [
        `update audit_record set action = 'a.b', leaf_hash = sha256('x') where id = ${id(3)}`,
        `update audit_leaf set leaf_hash = sha256('x') where leaf_index = 3`,
      ],
    ],
    ['a removed leaf', 'gap: leaves 3 to 3 are missing', ['delete from audit_leaf where leaf_index = 3']],
    [
      'a removed leaf, the rest moved up',
      'leaf-missing',
      [
        'delete from audit_leaf where leaf_index = 3',
        'update audit_leaf set leaf_index = leaf_index + 1000 where leaf_index > 3',
        'update audit_leaf set leaf_index = leaf_index - 1001 where leaf_index > 3',
      ],
    ],
    ['a removed record', 'record-missing', [`delete from audit_record where id = ${id(3)}`]],
    ['a record with its leaf removed', 'gap', [`delete from audit_record where id = ${id(3)}`, 'delete from audit_leaf where leaf_index = 3']],
    [
      'the newest record with its leaf removed',
      'more leaves than the 11',
      [`delete from audit_record where id = ${id(11)}`, 'delete from audit_leaf where leaf_index = 11'],
    ],
    [
      'two leaves exchanged',
      'reorder: leaves 2 and 3',
      [
        'update audit_leaf set leaf_index = 99 where leaf_index = 3',
        'update audit_leaf set leaf_index = 3 where leaf_index = 2',
        'update audit_leaf set leaf_index = 2 where leaf_index = 99',
      ],
    ],
    [
      'leaves exchanged across checkpoints',
      'root-mismatch',
      [
        'update audit_leaf set leaf_index = 99 where leaf_index = 8',
        'update audit_leaf set leaf_index = 8 where leaf_index = 2',
        'update audit_leaf set leaf_index = 2 where leaf_index = 99',
      ],
    ],
    [
      'the newest leaf and its checkpoint removed',
      'was committed and has no leaf',
      [`delete from audit_leaf where leaf_index = 11`, 'delete from audit_checkpoint where tree_size = 12'],
    ],
    ['a removed checkpoint', 'unsigned: leaves 6 to 11', ['delete from audit_checkpoint where tree_size = 12']],
    ['a changed root', 'checkpoint-changed: checkpoint 6', [`update audit_checkpoint set root_hash = sha256('x') where tree_size = 6`]],
    [
      'a changed note',
      'bad-signature: checkpoint 12',
      [`update audit_checkpoint set note = replace(note, 'sallyport/test' || chr(10) || '12', 'sallyport/test' || chr(10) || '13') where tree_size = 12`],
    ],
    ['a stored subtree from nowhere', 'subtree-changed', [`insert into audit_subtree values (1, 0, sha256('x'))`]],
    ['a guard turned off', 'guard-off: the trigger audit_leaf_change', ['alter table audit_leaf disable trigger audit_leaf_change']],
  ])('%s', async (_what, finding, statements) => {
    await tamper(...statements);
    const { code, text } = await verify();
    expect(text).toContain(finding);
    expect(code).toBe(1);
  });

  test('a checkpoint signed by a stranger', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const { root } = must(await latestCheckpoint(database.db), 'checkpoint');
    await tamper(
      `update audit_checkpoint set note = '${signNote(checkpointText({ origin: ORIGIN, size: 12, root }), ORIGIN, privateKey)}' where tree_size = 12`,
    );
    expect((await verify()).text).toContain('bad-signature: checkpoint 12');
    expect((await verify('--key', verifierText(verifierOf(ORIGIN, privateKey)))).text).toContain('bad-signature: checkpoint 6');
  });

  test('history rewritten with the right key is found by a checkpoint that was kept elsewhere', async () => {
    const kept = path.join(folder, 'kept');
    await writeFile(kept, must(await latestCheckpoint(database.db), 'checkpoint').note);
    expect(await verify('--checkpoint', kept)).toMatchObject({ code: 0 });

    const tables = ['audit_checkpoint', 'audit_leaf', 'audit_record'];
    await tamper(...tables.map((table) => `delete from ${table}`));
    expect((await verify('--checkpoint', kept)).text).toContain('cut-back');
    await grow(20, NOON);
    expect(await verify()).toMatchObject({ code: 0 });
    expect((await verify('--checkpoint', kept)).text).toContain('inconsistent: the log does not continue the kept checkpoint of 12 leaves');
  });

  test('co-signatures of a second host are checked', async () => {
    const pair = generateKeyPairSync('ed25519');
    const witness = verifierOf('province/w', pair.publicKey, COSIGNATURE);
    const { note } = must(await latestCheckpoint(database.db), 'checkpoint');
    const line = cosign(`${note.split('\n\n')[0]}\n`, 'province/w', pair.privateKey, NOON);
    await database.db.transaction().execute((trx) => acceptCosignature(trx, 12, line, witness));
    expect(await verify('--witness', verifierText(witness))).toMatchObject({ code: 0, text: expect.stringContaining('co-signed up to leaf 12') as string });
    await tamper(`update audit_cosignature set line = overlay(line placing 'AAAA' from 40)`);
    expect((await verify('--witness', verifierText(witness))).text).toContain('bad-signature: the co-signature of checkpoint 12');
  });
});

describe('what it cannot check it says, with exit code 2', () => {
  test('no key, no database, wrong option', async () => {
    expect((await verify()).text).toContain('no key: pass --key');
    await loadAuditKey(folder, ORIGIN);
    const lines: string[] = [];
    expect(await auditVerify([], { DATA_DIR: folder }, (line) => lines.push(line))).toBe(2);
    expect(lines.join()).toContain('no database: start the server');
    expect(await verify('--wrong')).toMatchObject({ code: 2 });
    expect(await verify('--key', 'nonsense')).toMatchObject({ code: 2 });
    await writeFile(path.join(folder, 'proof.json'), '{}');
    expect(await verify('--proof', path.join(folder, 'proof.json'))).toMatchObject({ code: 2 });
    expect(await verify('--help')).toMatchObject({ code: 0 });
  });

  test('finds the running server through DATA_DIR, by the file that the embedded database writes', async () => {
    await grow(1, NOON);
    await writeFile(path.join(folder, 'postgres.json'), JSON.stringify({ folder, url: database.url, pid: process.pid }));
    const lines: string[] = [];
    expect(await auditVerify(['--key', path.join(folder, VERIFIER_FILE)], { DATA_DIR: folder }, (line) => lines.push(line))).toBe(0);
  });
});
