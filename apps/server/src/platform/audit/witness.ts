import { type KeyObject, sign, verify } from 'node:crypto';
import { err, type Instant, ok, type Result, SECOND } from '@sallyport/basics';
import { sql } from 'kysely';
import type { Trx } from '../db/index.js';
import { COSIGNATURE, parseNote, parseSignatureLine, signatureLine, type Verifier, verifierOf } from './note.js';

/*
 * A second host (the province, a sister site) sees a checkpoint, checks that it continues the one before, and signs that it saw it.
 * From then on nobody who holds this server's key alone can rewrite what lies before. Format: C2SP tlog-cosignature, Ed25519.
 */

const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;
/** The year 2286; keeps the milliseconds a safe integer. */
const LATEST_SECONDS = 10_000_000_000n;

function cosignedText(text: string, seconds: bigint): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);
}

/** The line a witness gives for a checkpoint's text (without its signatures). The witness has checked consistency before. */
export function cosign(text: string, name: string, key: KeyObject, at: Instant): string {
  const seconds = BigInt(Math.floor(at / SECOND));
  const time = Buffer.alloc(TIME_BYTES);
  time.writeBigUInt64BE(seconds);
  return signatureLine(verifierOf(name, key, COSIGNATURE), Buffer.concat([time, sign(null, cosignedText(text, seconds), key)]));
}

/** The instant at which the witness saw the checkpoint, or why the line proves nothing. */
export function checkCosignature(text: string, line: string, witness: Verifier): Result<Instant, string> {
  const parsed = parseSignatureLine(line.replace(/\n$/, ''));
  if (!parsed.ok) return parsed;
  const { name, id, signature } = parsed.value;
  if (witness.type !== COSIGNATURE || name !== witness.name || !id.equals(witness.id)) return err('not a line of this witness');
  if (signature.length !== TIME_BYTES + SIGNATURE_BYTES) return err('not a cosignature');
  const seconds = signature.readBigUInt64BE(0);
  if (seconds > LATEST_SECONDS) return err('the time of the cosignature is out of range');
  const good = verify(null, cosignedText(text, seconds), witness.key, signature.subarray(TIME_BYTES));
  return good ? ok(Number(seconds) * SECOND) : err('the cosignature does not verify');
}

/** Checks a witness's line against the stored checkpoint of that size and keeps it. The same witness again changes nothing. */
export async function acceptCosignature(trx: Trx, treeSize: number, line: string, witness: Verifier): Promise<Result<Instant, string>> {
  const { rows } = await sql<{ note: string }>`select note from audit_checkpoint where tree_size = ${treeSize}`.execute(trx);
  if (!rows[0]) return err('no checkpoint of that size');
  const note = parseNote(rows[0].note);
  if (!note.ok) return note;
  const seen = checkCosignature(note.value.text, line, witness);
  if (!seen.ok) return seen;
  await sql`insert into audit_cosignature (tree_size, key_name, line) values (${treeSize}, ${witness.name}, ${line.trim()}) on conflict do nothing`.execute(
    trx,
  );
  return seen;
}
