import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { type PublicKey, readKey } from './verify-hash.js';
import { type Finding, type Report, verifyLog, verifyProof } from './verify-log.js';

/*
 * npm run audit:verify. Stand-alone: uses none of the server's code, so that it can be read in an hour, copied to another machine and
 * run there with a key that was kept there.
 */

const USAGE = `npm run audit:verify -- [options]
  --url URL          the database; else DATABASE_URL, else the running server of DATA_DIR (default ./data)
  --key KEY          verifier key of the site (name+id+key) or a file with it; may be given more than once; else DATA_DIR/audit-verifier
  --checkpoint FILE  a checkpoint that was kept elsewhere: the log must continue it; may be given more than once
  --witness KEY      verifier key of a second host that co-signs; may be given more than once
  --record ID        also say where this record stands
  --proof FILE       check this inclusion proof only, without a database
Ends with 0: everything agrees. 1: findings, listed. 2: could not check.`;

/** Findings printed in full; a broken log would otherwise fill the screen. */
const SHOWN = 50;

type Values = ReturnType<typeof readOptions>;

function readOptions(args: readonly string[]) {
  const many = { type: 'string', multiple: true } as const;
  const one = { type: 'string' } as const;
  return parseArgs({ args: [...args], options: { url: one, key: many, checkpoint: many, witness: many, record: one, proof: one, help: { type: 'boolean' } } })
    .values;
}

function fileOrText(text: string): string {
  return existsSync(text) ? readFileSync(text, 'utf8') : text;
}

function siteKeys({ key }: Values, dataDir: string, print: (line: string) => void): PublicKey[] {
  if (key) return key.map((text) => readKey(fileOrText(text)));
  const file = path.join(dataDir, 'audit-verifier');
  if (!existsSync(file)) throw new Error(`no key: pass --key with the verifier key of the site (the server writes it to ${file})`);
  print(`Key from ${file}. Who can change this folder can change the key: for a stronger check pass one kept elsewhere with --key.`);
  return [readKey(readFileSync(file, 'utf8'))];
}

/** The address that the server's embedded database left beside its data. */
function embeddedUrl(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const place: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return typeof place === 'object' && place !== null && 'url' in place && typeof place.url === 'string' ? place.url : undefined;
}

function databaseUrl({ url }: Values, env: NodeJS.ProcessEnv, dataDir: string): string {
  const file = path.join(dataDir, 'postgres.json');
  const found = url ?? env['DATABASE_URL'] ?? embeddedUrl(file);
  if (!found) throw new Error(`no database: start the server (npm start), or pass --url, or set DATABASE_URL (looked for ${file})`);
  return found;
}

function printFindings(findings: readonly Finding[], print: (line: string) => void): void {
  for (const { kind, text } of findings.slice(0, SHOWN)) print(`${kind}: ${text}`);
  if (findings.length > SHOWN) print(`… and ${findings.length - SHOWN} more findings`);
}

function printSummary(report: Report, print: (line: string) => void): void {
  const { leaves, checkpoints, erased, waiting, witnessed } = report;
  print(
    `${leaves} leaves, ${checkpoints} checkpoints, ${erased} records erased by retention, ${waiting} records waiting for their leaf, co-signed up to leaf ${witnessed}.`,
  );
}

async function whereIs(client: pg.Client, id: string): Promise<string | null> {
  const { rows } = await client.query<{ leaf: string | null; erased: boolean }>(
    'select l.leaf_index::text as leaf, r.erased_at is not null as erased from audit_record r left join audit_leaf l on l.record_id = r.id where r.id::text = $1',
    [id.toLowerCase()],
  );
  if (!rows[0]) return null;
  return `Record ${id}: ${rows[0].leaf === null ? 'waits for its leaf' : `leaf ${rows[0].leaf}`}${rows[0].erased ? ', content erased' : ''}.`;
}

async function checkDatabase(values: Values, env: NodeJS.ProcessEnv, dataDir: string, print: (line: string) => void): Promise<Finding[]> {
  const keys = siteKeys(values, dataDir, print);
  const witnesses = (values.witness ?? []).map((text) => readKey(fileOrText(text)));
  const kept = (values.checkpoint ?? []).map((file) => readFileSync(file, 'utf8'));
  const client = new pg.Client({ connectionString: databaseUrl(values, env, dataDir), application_name: 'audit-verify' });
  await client.connect();
  try {
    const report = await verifyLog(client, { keys, witnesses, kept });
    const place = values.record === undefined ? '' : await whereIs(client, values.record);
    printSummary(report, print);
    if (place) print(place);
    return place === null ? [...report.findings, { kind: 'record-missing', text: `there is no record ${values.record}` }] : [...report.findings];
  } finally {
    await client.end();
  }
}

/** The whole program: arguments and environment in, lines out. Resolves to the exit code. */
export async function auditVerify(args: readonly string[], env: NodeJS.ProcessEnv, print: (line: string) => void): Promise<0 | 1 | 2> {
  try {
    const values = readOptions(args);
    if (values.help) {
      print(USAGE);
      return 0;
    }
    const dataDir = env['DATA_DIR'] ?? './data';
    const findings =
      values.proof === undefined
        ? await checkDatabase(values, env, dataDir, print)
        : verifyProof(readFileSync(values.proof, 'utf8'), siteKeys(values, dataDir, print));
    printFindings(findings, print);
    print(
      findings.length === 0
        ? 'Everything agrees.'
        : `${findings.length} finding${findings.length === 1 ? '' : 's'}: the audit log was changed or is incomplete.`,
    );
    return findings.length === 0 ? 0 : 1;
  } catch (error) {
    print(`Could not check: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
}
