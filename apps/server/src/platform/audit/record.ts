import { createHash } from 'node:crypto';
import { assert, type Id, type Instant, newId, type Random } from '@sallyport/basics';
import { blockOfCell } from '@sallyport/contracts';
import { canonicalJson, storableJson, storableText } from './canonical.js';
import { type Hash, leafHash } from './merkle.js';

export type AuditOutcome = 'accepted' | 'refused' | 'parked' | 'failed';

/** What somebody tells the audit: who did what to what, where, with which end. Never a PIN, a key or words meant for medical staff. */
export interface AuditEntry {
  /** Site time of the event. */
  readonly at: Instant;
  /** noun.verb: a command kind, or what the server did, e.g. `person.view`. */
  readonly action: string;
  readonly actor: { readonly kind: 'officer' | 'device' | 'system' | 'person'; readonly id?: string | null };
  readonly outcome: AuditOutcome;
  readonly session?: string | null;
  readonly device?: string | null;
  readonly subject?: { readonly kind: string; readonly id?: string | null } | null;
  readonly cell?: string | null;
  /** Left out where a cell says it. */
  readonly block?: string | null;
  /** Refusal code or the words that somebody gave. */
  readonly reason?: string | null;
  /** What the person had on the screen: names of fields, or the document that was signed. */
  readonly shown?: unknown;
  readonly detail?: unknown;
}

/** The part that retention erases. Member names and order are those of the hashed text; null members are left out there. */
export interface AuditContent {
  readonly actor: { readonly kind: string; readonly id?: string };
  readonly outcome: string;
  readonly salt: string;
  readonly session?: string;
  readonly device?: string;
  readonly subject?: { readonly kind: string; readonly id?: string };
  readonly cell?: string;
  readonly block?: string;
  readonly reason?: string;
  readonly shown?: unknown;
  readonly detail?: unknown;
}

/** A record ready to be written, with the hashes that the log will hold. */
export interface AuditRecord {
  readonly id: Id;
  readonly at: Instant;
  readonly action: string;
  readonly content: AuditContent;
  readonly salt: Buffer;
  readonly contentHash: Hash;
  readonly leafHash: Hash;
}

/** Most bytes of one record's content: details say what happened, they do not carry documents. */
const CONTENT_LIMIT = 16_384;
const ACTION = /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/;
/** Against guessing an erased content from its hash; 128 bits. */
const SALT_BYTES = 16;
const LIMITS = { id: 100, kind: 40, place: 8, reason: 1_000 } as const;

/** Version of the hashed text, inside it. */
const LEAF_VERSION = 1;

/** SHA-256 over the canonical content. */
export function contentHashOf(content: AuditContent): Hash {
  return createHash('sha256').update(canonicalJson(content)).digest();
}

/** The RFC 6962 leaf: what stays provable after the content is erased. */
export function leafHashOf(header: { id: string; at: Instant; action: string; contentHash: Uint8Array }): Hash {
  const { id, action } = header;
  const text = canonicalJson({
    action,
    at: new Date(header.at).toISOString(),
    content: Buffer.from(header.contentHash).toString('base64'),
    id,
    v: LEAF_VERSION,
  });
  return leafHash(Buffer.from(text));
}

/** Text of a column, cut to what the column holds; empty and missing are the same. */
function text(value: string | null | undefined, limit: number): string | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  return Array.from(storableText(value)).slice(0, limit).join('');
}

function json(value: unknown): unknown {
  return value === null || value === undefined ? undefined : storableJson(value);
}

function named(part: { readonly kind: string; readonly id?: string | null }): { kind: string; id?: string } {
  const id = text(part.id, LIMITS.id);
  return { kind: part.kind.slice(0, LIMITS.kind), ...(id !== undefined && { id }) };
}

function contentOf(entry: AuditEntry, salt: Buffer): AuditContent {
  const cell = text(entry.cell, LIMITS.place);
  const content = {
    actor: named(entry.actor),
    outcome: entry.outcome,
    salt: salt.toString('base64'),
    session: text(entry.session, LIMITS.id),
    device: text(entry.device, LIMITS.id),
    subject: entry.subject ? named(entry.subject) : undefined,
    cell,
    block: text(entry.block, LIMITS.place) ?? (cell === undefined ? undefined : blockOfCell(cell)),
    reason: text(entry.reason, LIMITS.reason),
    shown: json(entry.shown),
    detail: json(entry.detail),
  };
  return Object.fromEntries(Object.entries(content).filter(([, member]) => member !== undefined)) as unknown as AuditContent;
}

/**
 * Makes the record of an event: id from its time, salt, hashes. Reason and ids too long are cut.
 * @throws AssertionError for a malformed action or a content above 16 KiB, both bugs of the caller.
 */
export function auditRecord(entry: AuditEntry, random: Random): AuditRecord {
  assert(ACTION.test(entry.action) && entry.action.length <= 80, `audit action must look like noun.verb: ${entry.action}`);
  const id = newId({ now: () => entry.at }, random);
  const salt = Buffer.from(random.bytes(new Uint8Array(SALT_BYTES)));
  const content = contentOf(entry, salt);
  const contentText = canonicalJson(content);
  assert(Buffer.byteLength(contentText) <= CONTENT_LIMIT, `audit content of ${entry.action} is larger than ${CONTENT_LIMIT} bytes`);
  const contentHash = createHash('sha256').update(contentText).digest();
  return { id, at: entry.at, action: entry.action, content, salt, contentHash, leafHash: leafHashOf({ id, at: entry.at, action: entry.action, contentHash }) };
}
