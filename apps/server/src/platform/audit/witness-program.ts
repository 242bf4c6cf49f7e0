import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Result } from '@sallyport/basics';
import { z } from 'zod';
import { connectDatabase, type Db } from '../db/index.js';
import { consistencyProof, latestCheckpoint } from './log-store.js';
import { verifyConsistency } from './merkle.js';
import {
  type Checkpoint,
  COSIGNATURE,
  type Note,
  parseCheckpoint,
  parseNote,
  parseVerifier,
  signedBy,
  type Verifier,
  verifierOf,
  verifierText,
} from './note.js';
import { acceptCosignature, cosign } from './witness.js';

/*
 * npm run audit:witness. The site hands a checkpoint out, a second host checks that it continues what it saw before and signs that, the
 * site takes the signature back. The files travel however the two are joined: a stick will do.
 */

const USAGE = `npm run --silent audit:witness -- COMMAND
On the site (DATA_DIR and DATABASE_URL as the server has them; the database runs):
  hand-out [--since SIZE]   prints the newest checkpoint with the proof that it continues the one of SIZE leaves (0: none seen yet)
  take FILE --witness KEY   keeps the signature of the witness whose verifier key was handed over when it was set up
On the second host, which needs no database:
  key  --name NAME --key KEYFILE                                  makes the witness's key, or reads it, and prints its verifier key
  sign FILE --name NAME --key KEYFILE --site KEY --state STATE    checks what was handed out and prints the signature; STATE remembers what
                                                                  was seen, and --site is the site's verifier key (DATA_DIR/audit-verifier)
Ends with 0: done. 1: refused or not possible, said why. 2: used wrongly.`;

/** Why it is not done, for the operator. */
class NotDone extends Error {
  override readonly name = 'NotDone';
}

const HANDED_OUT = 'sallyport-audit-witness/1';
const COSIGNED = 'sallyport-audit-cosignature/1';
const hash = z.base64().length(44);
const size = z.int().min(0);
/** A proof over 2^53 leaves has fewer hashes than this. */
const handedOut = z.strictObject({ format: z.literal(HANDED_OUT), checkpoint: z.string().max(2_000), since: size, proof: z.array(hash).max(120) });
const cosigned = z.strictObject({ format: z.literal(COSIGNED), size, line: z.string().max(500) });
const seenState = z.strictObject({ site: z.string(), size, root: hash });
const databasePlace = z.object({ url: z.string() });

type Values = Readonly<Record<'since' | 'witness' | 'name' | 'key' | 'site' | 'state', string | undefined>>;

function must(values: Values, name: keyof Values): string {
  const value = values[name];
  if (value === undefined) throw new NotDone(`--${name} is missing. --help says what it is.`);
  return value;
}

function valueOf<Value>(result: Result<Value, string>, what: string): Value {
  if (!result.ok) throw new NotDone(`${what}: ${result.error}`);
  return result.value;
}

function fileOrText(text: string): string {
  return existsSync(text) ? readFileSync(text, 'utf8') : text;
}

function readJson<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new NotDone(`${file} cannot be read as what it should be. Make it again.`, { cause });
  }
}

async function withDatabase<Value>(env: NodeJS.ProcessEnv, work: (db: Db) => Promise<Value>): Promise<Value> {
  const file = path.join(env['DATA_DIR'] ?? './data', 'postgres.json');
  const url = env['DATABASE_URL'] ?? (existsSync(file) ? readJson(file, databasePlace).url : undefined);
  if (url === undefined) throw new NotDone(`No database: start the server, or set DATABASE_URL (looked for ${file}).`);
  const { db, close } = connectDatabase({ url, applicationName: 'audit-witness', maxConnections: 2, onError: () => undefined });
  try {
    return await work(db);
  } finally {
    await close();
  }
}

/** What a witness gets to see. @throws NotDone where the log is shorter than what it saw. */
export async function handOut(db: Db, since: number): Promise<z.input<typeof handedOut>> {
  const newest = await latestCheckpoint(db);
  if (!newest) throw new NotDone('There is no checkpoint yet.');
  if (since > newest.size) throw new NotDone(`The log has ${newest.size} leaves, fewer than the ${since} that the witness saw: records are gone.`);
  const proof = since === 0 || since === newest.size ? [] : await consistencyProof(db, since, newest.size);
  return { format: HANDED_OUT, checkpoint: newest.note, since, proof: proof.map((one) => one.toString('base64')) };
}

function witnessKey(file: string): KeyObject {
  if (existsSync(file)) return createPrivateKey(readFileSync(file));
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx', flush: true });
  return privateKey;
}

function checkpointOf(note: Note, site: Verifier): Checkpoint {
  const checkpoint = valueOf(parseCheckpoint(note.text), 'checkpoint');
  if (!signedBy(note, site) || checkpoint.origin !== site.name) throw new NotDone('The checkpoint was not signed by this site’s key. It is NOT signed here.');
  return checkpoint;
}

/** Throws unless the checkpoint continues what this witness saw before. */
function continues(checkpoint: Checkpoint, given: z.output<typeof handedOut>, seen: z.output<typeof seenState>): void {
  const root = Buffer.from(seen.root, 'base64');
  if (checkpoint.size < seen.size) throw new NotDone(`The log went back from ${seen.size} to ${checkpoint.size} leaves. It is NOT signed here.`);
  if (given.since !== seen.size && checkpoint.size !== seen.size)
    throw new NotDone(`This witness saw ${seen.size} leaves: hand out with --since ${seen.size}.`);
  const path = given.proof.map((one) => Buffer.from(one, 'base64'));
  const same = checkpoint.size === seen.size ? root.equals(checkpoint.root) : verifyConsistency(seen.size, checkpoint.size, root, checkpoint.root, path);
  if (!same) throw new NotDone(`The log of ${checkpoint.size} leaves does not continue the one of ${seen.size}: it was rewritten. It is NOT signed here.`);
}

function signFile(file: string, values: Values): z.input<typeof cosigned> {
  const given = readJson(file, handedOut);
  const site = valueOf(parseVerifier(fileOrText(must(values, 'site'))), 'site key');
  const note = valueOf(parseNote(given.checkpoint), 'checkpoint');
  const checkpoint = checkpointOf(note, site);
  const stateFile = must(values, 'state');
  if (existsSync(stateFile)) {
    const seen = readJson(stateFile, seenState);
    if (seen.site !== verifierText(site)) throw new NotDone(`${stateFile} belongs to another site or key. It is NOT signed here.`);
    continues(checkpoint, given, seen);
  }
  const line = cosign(note.text, must(values, 'name'), witnessKey(must(values, 'key')), Date.now());
  // Remembered before it is given away: a signature that is out must never be forgotten.
  const half = `${stateFile}.${process.pid}`;
  const state: z.input<typeof seenState> = { site: verifierText(site), size: checkpoint.size, root: checkpoint.root.toString('base64') };
  writeFileSync(half, `${JSON.stringify(state)}\n`, { flush: true });
  renameSync(half, stateFile);
  return { format: COSIGNED, size: checkpoint.size, line: line.trim() };
}

async function takeFile(db: Db, file: string, witness: Verifier): Promise<string> {
  const { size: leaves, line } = readJson(file, cosigned);
  const seen = await db.transaction().execute((trx) => acceptCosignature(trx, leaves, line, witness));
  return `${witness.name} saw the checkpoint of ${leaves} leaves at ${new Date(valueOf(seen, 'not taken')).toISOString()}.`;
}

const COMMANDS = ['hand-out', 'take', 'key', 'sign'] as const;

async function run(command: (typeof COMMANDS)[number], file: string | undefined, values: Values, env: NodeJS.ProcessEnv): Promise<string> {
  if (command === 'hand-out') {
    const since = size.safeParse(Number(values.since ?? '0'));
    if (!since.success) throw new NotDone('--since is the number of leaves that the witness saw last.');
    return JSON.stringify(await withDatabase(env, (db) => handOut(db, since.data)));
  }
  if (command === 'key') return verifierText(verifierOf(must(values, 'name'), witnessKey(must(values, 'key')), COSIGNATURE));
  if (file === undefined) throw new NotDone('The file is missing. --help says which.');
  if (command === 'sign') return JSON.stringify(signFile(file, values));
  const witness = valueOf(parseVerifier(fileOrText(must(values, 'witness'))), 'witness key');
  return withDatabase(env, (db) => takeFile(db, file, witness));
}

/** The whole program: arguments and environment in, lines out. Resolves to the exit code. */
export async function auditWitness(args: readonly string[], env: NodeJS.ProcessEnv, print: (line: string) => void): Promise<0 | 1 | 2> {
  const text = { type: 'string' } as const;
  const options = { since: text, witness: text, name: text, key: text, site: text, state: text, help: { type: 'boolean' } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const { help, ...rest } = values;
    const command = COMMANDS.find((name) => name === positionals[0]);
    if (help || command === undefined) {
      print(USAGE);
      return help ? 0 : 2;
    }
    print(
      await run(
        command,
        positionals[1],
        { since: undefined, witness: undefined, name: undefined, key: undefined, site: undefined, state: undefined, ...rest },
        env,
      ),
    );
    return 0;
  } catch (error) {
    print(error instanceof Error ? error.message : String(error));
    return 1;
  }
}
