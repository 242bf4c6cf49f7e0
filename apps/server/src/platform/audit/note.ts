import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { assert, err, must, ok, type Result } from '@sallyport/basics';

/*
 * C2SP signed-note, tlog-checkpoint and tlog-cosignature, Ed25519 only.
 * A note is text, an empty line, and lines "— <key name> base64(key id ‖ signature)".
 */

/** Signature types of C2SP signed-note. */
export const PLAIN = 0x01;
export const COSIGNATURE = 0x04;
export type SignatureType = typeof PLAIN | typeof COSIGNATURE;

/** A public key with the name it signs under. */
export interface Verifier {
  readonly name: string;
  readonly type: SignatureType;
  readonly id: Buffer;
  readonly key: KeyObject;
}

export interface NoteSignature {
  readonly name: string;
  readonly id: Buffer;
  readonly signature: Buffer;
}
export interface Note {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

/** The specification asks for 16 signatures at least; more than a few witnesses a site never has. */
const SIGNATURE_LIMIT = 16;
const NAME = /^[^\s+]{1,200}$/u;
const SIGNATURE_LINE = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u;
const RAW_KEY_BYTES = 32;
const KEY_ID_BYTES = 4;

function rawPublicKey(key: KeyObject): Buffer {
  assert(key.asymmetricKeyType === 'ed25519', 'the audit key is Ed25519');
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return Buffer.from(must(publicKey.export({ format: 'jwk' }).x, 'public key'), 'base64url');
}

function keyId(name: string, type: SignatureType, raw: Uint8Array): Buffer {
  return createHash('sha256').update(`${name}\n`).update(Buffer.of(type)).update(raw).digest().subarray(0, KEY_ID_BYTES);
}

/** The verifier of a key, private or public, under a name. */
export function verifierOf(name: string, key: KeyObject, type: SignatureType = PLAIN): Verifier {
  assert(NAME.test(name), 'a key name has no spaces and no plus');
  return { name, type, id: keyId(name, type, rawPublicKey(key)), key: key.type === 'private' ? createPublicKey(key) : key };
}

/** `name+id+key`: the text to keep where the server cannot reach it, for checking the log later. */
export function verifierText({ name, type, id, key }: Verifier): string {
  return `${name}+${id.toString('hex')}+${Buffer.concat([Buffer.of(type), rawPublicKey(key)]).toString('base64')}`;
}

/** Reads `name+id+key`. */
export function parseVerifier(text: string): Result<Verifier, string> {
  const [, name, hex, base64] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/u.exec(text.trim()) ?? [];
  if (!name || !hex || !base64) return err('a verifier key looks like name+0123abcd+base64');
  const bytes = Buffer.from(base64, 'base64');
  const type = bytes[0];
  if (bytes.length !== RAW_KEY_BYTES + 1 || (type !== PLAIN && type !== COSIGNATURE)) return err('not an Ed25519 verifier key');
  const raw = bytes.subarray(1);
  if (keyId(name, type, raw).toString('hex') !== hex) return err('the key id does not belong to this name and key');
  return ok({
    name,
    type,
    id: Buffer.from(hex, 'hex'),
    key: createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') } }),
  });
}

export function signatureLine(verifier: Pick<Verifier, 'name' | 'id'>, signature: Uint8Array): string {
  return `\u2014 ${verifier.name} ${Buffer.concat([verifier.id, signature]).toString('base64')}\n`;
}

/** The text signed by the key: text, empty line, one signature line. */
export function signNote(text: string, name: string, key: KeyObject): string {
  assert(text.endsWith('\n'), 'a note ends its last line');
  return `${text}\n${signatureLine(verifierOf(name, key), sign(null, Buffer.from(text), key))}`;
}

/** One signature line without its end, taken apart. */
export function parseSignatureLine(line: string): Result<NoteSignature, string> {
  const [, name, base64] = SIGNATURE_LINE.exec(line) ?? [];
  const bytes = Buffer.from(base64 ?? '', 'base64');
  if (!name || bytes.length <= KEY_ID_BYTES) return err('not a signature line');
  return ok({ name, id: bytes.subarray(0, KEY_ID_BYTES), signature: bytes.subarray(KEY_ID_BYTES) });
}

/** Takes a note apart; nothing in it is believed before `signedBy`. */
export function parseNote(note: string): Result<Note, string> {
  const border = note.lastIndexOf('\n\n');
  if (border < 0 || !note.endsWith('\n')) return err('a note has a text, an empty line and signatures');
  const lines = note.slice(border + 2, -1).split('\n');
  if (lines.length > SIGNATURE_LIMIT) return err(`a note has at most ${SIGNATURE_LIMIT} signatures`);
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const parsed = parseSignatureLine(line);
    if (!parsed.ok) return parsed;
    signatures.push(parsed.value);
  }
  return ok({ text: note.slice(0, border + 1), signatures });
}

/** True when the note carries a good signature of this key and no bad one. */
export function signedBy(note: Note, verifier: Verifier): boolean {
  const own = note.signatures.filter(({ name, id }) => name === verifier.name && id.equals(verifier.id));
  return own.length > 0 && own.every(({ signature }) => verify(null, Buffer.from(note.text), verifier.key, signature));
}

/** The signed text of a checkpoint: origin, number of leaves, root. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/** Reads the text of a checkpoint. Further lines are extensions and ignored, as the format asks. */
export function parseCheckpoint(text: string): Result<Checkpoint, string> {
  const [origin, sizeText, rootText] = text.split('\n');
  const size = Number(sizeText);
  const root = Buffer.from(rootText ?? '', 'base64');
  if (!origin || !/^(0|[1-9]\d*)$/.test(sizeText ?? '') || !Number.isSafeInteger(size) || root.length !== 32)
    return err('a checkpoint has origin, size and root');
  return ok({ origin, size, root });
}
