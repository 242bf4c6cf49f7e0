import { randomFillSync } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { must, type Random } from '@sallyport/basics';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../db/testing.js';
import { appendAudit, auditRecord, createSequencer, loadAuditKey } from './index.js';
import { auditVerify } from './verify-program.js';
import { auditWitness } from './witness-program.js';

const random: Random = { bytes: (array) => randomFillSync(array) };
const ORIGIN = 'sallyport/test';

let database: TestDatabase;
/** The site's data folder, and the second host's. */
let site: string;
let host: string;

beforeEach(async () => {
  database = await createTestDatabase();
  site = mkdtempSync(path.join(os.tmpdir(), 'sallyport-site-'));
  host = mkdtempSync(path.join(os.tmpdir(), 'sallyport-witness-'));
});
afterEach(async () => {
  await database.drop();
  for (const folder of [site, host]) rmSync(folder, { recursive: true });
});

/** Writes records and gives them their leaves under a checkpoint. */
async function grow(records: number): Promise<void> {
  const entry = { at: Date.now(), action: 'duty.sign-in', actor: { kind: 'system', id: 'test' }, outcome: 'accepted' } as const;
  await database.db.transaction().execute((trx) =>
    appendAudit(
      trx,
      Array.from({ length: records }, () => auditRecord(entry, random)),
    ),
  );
  const onError = (error: unknown) => {
    throw error;
  };
  await createSequencer({ db: database.db, key: await loadAuditKey(site, ORIGIN), origin: ORIGIN, onError }).drain();
}

async function run(...args: string[]): Promise<{ code: number; said: string }> {
  const lines: string[] = [];
  const code = await auditWitness(args, { DATABASE_URL: database.url, DATA_DIR: site }, (line) => lines.push(line));
  return { code, said: lines.join('\n') };
}

const at = (name: string) => path.join(host, name);
const witnessed = () => [
  '--name',
  'province.example/witness',
  '--key',
  at('key.pem'),
  '--site',
  path.join(site, 'audit-verifier'),
  '--state',
  at('state.json'),
];
/** One round: handed out, signed on the second host. */
async function round(since: number): Promise<{ code: number; said: string }> {
  const handed = await run('hand-out', '--since', String(since));
  if (handed.code !== 0) return handed;
  writeFileSync(at('out.json'), handed.said);
  const signed = await run('sign', at('out.json'), ...witnessed());
  writeFileSync(at('line.json'), signed.said);
  return signed;
}

test('a second host signs what continues what it saw, the site keeps it, and the verifier counts it', async () => {
  const key = (await run('key', '--name', 'province.example/witness', '--key', at('key.pem'))).said;
  expect(statSync(at('key.pem')).mode & 0o777).toBe(0o600);
  await grow(5);
  expect(await round(0)).toMatchObject({ code: 0 });
  await grow(300);
  expect(await round(5)).toMatchObject({ code: 0 });
  expect(await run('take', at('line.json'), '--witness', key)).toMatchObject({ code: 0, said: expect.stringContaining('305 leaves') });
  const lines: string[] = [];
  expect(await auditVerify(['--witness', key], { DATABASE_URL: database.url, DATA_DIR: site }, (line) => lines.push(line))).toBe(0);
  expect(lines.join('\n')).toContain('co-signed up to leaf 305');
  const other = (await run('key', '--name', 'province.example/witness', '--key', at('other.pem'))).said;
  expect(await run('take', at('line.json'), '--witness', other)).toMatchObject({ code: 1 });
});

test('a log that was rewritten, went back, or is signed by another key is not signed', async () => {
  await grow(8);
  expect(await round(0)).toMatchObject({ code: 0 });
  await grow(4);
  const handed = JSON.parse((await run('hand-out', '--since', '8')).said) as { proof: string[] };
  writeFileSync(at('out.json'), JSON.stringify({ ...handed, proof: handed.proof.map(() => Buffer.alloc(32, 7).toString('base64')) }));
  expect(await run('sign', at('out.json'), ...witnessed())).toMatchObject({ code: 1, said: expect.stringContaining('was rewritten') });
  writeFileSync(at('out.json'), JSON.stringify({ ...handed, since: 7 }));
  expect(await run('sign', at('out.json'), ...witnessed())).toMatchObject({ code: 1, said: expect.stringContaining('--since 8') });
  expect(await run('hand-out', '--since', '99')).toMatchObject({ code: 1, said: expect.stringContaining('records are gone') });
  const { rows } = await sql<{ note: string }>`select note from audit_checkpoint where tree_size = 8`.execute(database.db);
  expect(await round(8)).toMatchObject({ code: 0 });
  writeFileSync(at('out.json'), JSON.stringify({ ...handed, checkpoint: must(rows[0], 'checkpoint').note }));
  expect(await run('sign', at('out.json'), ...witnessed())).toMatchObject({ code: 1, said: expect.stringContaining('went back from 12 to 8') });
  await loadAuditKey(host, ORIGIN);
  const foreign = [...witnessed().slice(0, 4), '--site', path.join(host, 'audit-verifier'), '--state', at('new.json')];
  writeFileSync(at('out.json'), JSON.stringify(handed));
  expect(await run('sign', at('out.json'), ...foreign)).toMatchObject({ code: 1, said: expect.stringContaining('was not signed by this site') });
});

test('used wrongly it says how', async () => {
  expect(await run()).toMatchObject({ code: 2, said: expect.stringContaining('hand-out') });
  expect(await run('sign', at('none.json'), ...witnessed())).toMatchObject({ code: 1 });
  expect(await run('hand-out')).toMatchObject({ code: 1, said: 'There is no checkpoint yet.' });
});
