import type { ClientBase } from 'pg';
import { type Checkpoint, canonical, GrowingTree, isSigned, isWitnessed, leafOf, type PublicKey, readCheckpoint, rootFromPath, sha256 } from './verify-hash.js';

export interface Finding {
  readonly kind: string;
  readonly text: string;
}

export interface VerifyOptions {
  /** Keys of the site, the present one and earlier ones. */
  readonly keys: readonly PublicKey[];
  /** Keys of other hosts that co-sign. */
  readonly witnesses?: readonly PublicKey[];
  /** Checkpoints that somebody kept elsewhere: the log must continue them. */
  readonly kept?: readonly string[];
}

export interface Report {
  readonly findings: readonly Finding[];
  readonly leaves: number;
  readonly checkpoints: number;
  readonly erased: number;
  /** Records that have no leaf yet, in good order. */
  readonly waiting: number;
  /** Size of the newest checkpoint with a good line of a given witness. */
  readonly witnessed: number;
}

type Row = Record<string, string | null>;

/** The law's least time of keeping; an erasure before that is a finding. */
const KEPT_DAYS = 180;
/** A record that waits longer for its leaf is one that nobody vouches for. */
const OVERDUE = '1 hour';
const FETCH = 2_000;
/** Everything as text, so that no parser of values stands between the database and the hash. */
const RECORD = `r.id::text, r.xid::text, to_char(r.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, r.action, encode(r.content_hash, 'hex') as content_hash,
  encode(r.leaf_hash, 'hex') as leaf_hash, encode(r.salt, 'base64') as salt, r.actor_kind, r.actor_id, r.session_id, r.device_id, r.subject_kind, r.subject_id, r.cell, r.block,
  r.outcome, r.reason, r.shown::text, r.detail::text, r.erased_at::text, (r.erased_at < r.at + interval '${KEPT_DAYS} days')::text as erased_early`;

/** What speaks against a record by itself; null when its hashes are those of its content. */
export function recordFault(row: Row): string | null {
  const at = (row.at ?? '').replace(/(\.\d{3})000Z$/, '$1Z');
  const contentHash = Buffer.from(row.content_hash ?? '', 'hex');
  if (row.erased_at === null) {
    const content = {
      actor: { kind: row.actor_kind, ...only('id', row.actor_id) },
      outcome: row.outcome,
      salt: row.salt,
      ...only('session', row.session_id),
      ...only('device', row.device_id),
      ...(row.subject_kind === null ? {} : { subject: { kind: row.subject_kind, ...only('id', row.subject_id) } }),
      ...only('cell', row.cell),
      ...only('block', row.block),
      ...only('reason', row.reason),
      ...json('shown', row.shown),
      ...json('detail', row.detail),
    };
    if (!sha256(canonical(content)).equals(contentHash)) return 'its content was changed';
  } else if (row.erased_early === 'true') return `its content was erased before ${KEPT_DAYS} days had passed`;
  const leaf = leafOf({ id: row.id ?? '', at, action: row.action ?? '', contentHash }).toString('hex');
  return leaf === row.leaf_hash ? null : 'its time, action or hash was changed';
}

function only(name: string, value: string | null | undefined): Record<string, string> {
  return value === null || value === undefined ? {} : { [name]: value };
}

function json(name: string, value: string | null | undefined): Record<string, unknown> {
  return value === null || value === undefined ? {} : { [name]: JSON.parse(value) as unknown };
}

/** One reading of the whole log, leaf by leaf, in one snapshot of the database. */
class LogCheck {
  readonly findings: Finding[] = [];
  readonly tree = new GrowingTree();
  readonly #subtrees = new Map<string, string>();
  readonly #checkpoints: Row[];
  readonly #options: VerifyOptions;
  #expected = 0;
  #judged = 0;
  #agreed = 0;
  #broken = false;
  #before: Row | undefined;
  erased = 0;

  constructor(checkpoints: Row[], options: VerifyOptions) {
    this.#checkpoints = checkpoints;
    this.#options = options;
  }

  find(kind: string, text: string): void {
    this.findings.push({ kind, text });
  }

  leaf(row: Row): void {
    const index = Number(row.leaf_index);
    if (index !== this.#expected) {
      const what = index < this.#expected ? `leaf ${index} is there twice` : `leaves ${this.#expected} to ${index - 1} are missing`;
      this.find('gap', what);
      this.#broken = true;
    }
    this.#record(index, row);
    this.tree.add(Buffer.from(row.hash ?? '', 'hex'), (level, position, hash) => this.#subtrees.set(`${level}/${position}`, hash.toString('hex')));
    this.#expected = index + 1;
    this.#order(index, row);
    while (Number(this.#checkpoints[this.#judged]?.tree_size) <= this.#expected) this.#checkpoint(this.#checkpoints[this.#judged] ?? {});
  }

  #record(index: number, row: Row): void {
    if (row.id === null) return this.find('record-missing', `the record ${row.record_id} of leaf ${index} is gone`);
    if (row.erased_at !== null) this.erased += 1;
    const fault = recordFault(row);
    if (fault) this.find('record-changed', `record ${row.id} (leaf ${index}): ${fault}`);
    if (row.hash !== row.leaf_hash) this.find('leaf-changed', `leaf ${index} does not have the hash of its record ${row.id}`);
  }

  /** Within one checkpoint the leaves stand in the order of their transactions. Across checkpoints numbers may start anew, after a restored dump. */
  #order(index: number, row: Row): void {
    const before = this.#before;
    const sameBatch = index > 0 && Number(this.#checkpoints[this.#judged - 1]?.tree_size ?? 0) < index;
    if (sameBatch && before?.xid && row.xid) {
      const [older, newer] = [BigInt(before.xid), BigInt(row.xid)];
      if (older > newer || (older === newer && (before.id ?? '') >= (row.id ?? '')))
        this.find('reorder', `leaves ${index - 1} and ${index} stand in the wrong order`);
    }
    this.#before = row;
  }

  #checkpoint(row: Row): void {
    this.#judged += 1;
    const size = Number(row.tree_size);
    const note = readCheckpoint(row.note ?? '');
    if (!note || note.size !== size || note.root.toString('hex') !== row.root)
      this.find('checkpoint-changed', `checkpoint ${size} does not say what was signed`);
    if (note && !this.#options.keys.some((key) => key.name === note.origin && isSigned(note, key)))
      this.find('bad-signature', `checkpoint ${size} has no good signature of the site's key`);
    if (note) this.#compare(note, `checkpoint ${size}`);
  }

  /** The signed root against the root of the leaves read so far; once they differ all later ones do too, so only the first is told. */
  #compare(note: Checkpoint, name: string): void {
    if (this.#broken) return;
    if (note.size === this.#expected && note.root.equals(this.tree.root())) this.#agreed = note.size;
    else {
      this.find(
        'root-mismatch',
        `${name} does not match the leaves: something below leaf ${note.size} was changed, moved or removed after it was signed (all agreed up to leaf ${this.#agreed})`,
      );
      this.#broken = true;
    }
  }

  end(): void {
    for (const row of this.#checkpoints.slice(this.#judged))
      this.find('leaf-missing', `checkpoint ${row.tree_size} was signed over more leaves than the ${this.#expected} there are`);
    const signed = Number(this.#checkpoints.at(-1)?.tree_size ?? 0);
    if (signed < this.#expected) this.find('unsigned', `leaves ${signed} to ${this.#expected - 1} have no checkpoint`);
  }

  subtree(row: Row): void {
    const place = `${row.level}/${row.index}`;
    if (!this.#broken && this.#subtrees.get(place) !== row.hash)
      this.find('subtree-changed', `stored subtree ${place} is not that of its leaves; proofs would fail`);
    this.#subtrees.delete(place);
  }

  subtreesEnd(): void {
    if (!this.#broken) for (const place of this.#subtrees.keys()) this.find('subtree-changed', `stored subtree ${place} is missing; proofs would fail`);
  }
}

async function stream(client: ClientBase, query: string, take: (row: Row) => void): Promise<void> {
  await client.query(`declare reading no scroll cursor for ${query}`);
  for (;;) {
    const { rows } = await client.query<Row>(`fetch ${FETCH} from reading`);
    rows.forEach(take);
    if (rows.length < FETCH) break;
  }
  await client.query('close reading');
}

async function checkWaiting(client: ClientBase, check: LogCheck): Promise<number> {
  let waiting = 0;
  const query = `select ${RECORD}, p.record_id::text as queued, encode(p.leaf_hash, 'hex') as hash, (p.queued_at < now() - interval '${OVERDUE}')::text as overdue
    from audit_record r left join audit_pending p on p.record_id = r.id where not exists (select 1 from audit_leaf l where l.record_id = r.id) order by r.id`;
  await stream(client, query, (row) => {
    if (row.queued === null) return check.find('leaf-missing', `record ${row.id} was committed and has no leaf`);
    waiting += 1;
    const fault = recordFault(row) ?? (row.hash === row.leaf_hash ? null : 'it does not wait with its own hash');
    if (fault) check.find('record-changed', `record ${row.id} (no leaf yet): ${fault}`);
    if (row.overdue === 'true') check.find('leaf-overdue', `record ${row.id} has waited more than ${OVERDUE} for its leaf`);
  });
  return waiting;
}

/** Kept checkpoints may lie between stored ones, so their roots are computed in a reading of their own. */
async function checkKept(client: ClientBase, check: LogCheck, { kept = [], keys }: VerifyOptions): Promise<void> {
  for (const text of kept) {
    const note = readCheckpoint(text);
    if (!note || !keys.some((key) => key.name === note.origin && isSigned(note, key)))
      check.find('bad-signature', 'a kept checkpoint has no good signature of the site');
    else if (note.size > check.tree.size)
      check.find('cut-back', `a kept checkpoint has ${note.size} leaves, the log only ${check.tree.size}: the log was cut back`);
    else {
      const tree = new GrowingTree();
      await stream(client, `select encode(leaf_hash, 'hex') as hash from audit_leaf order by leaf_index limit ${note.size}`, (row) =>
        tree.add(Buffer.from(row.hash ?? '', 'hex'), () => undefined),
      );
      if (!tree.root().equals(note.root))
        check.find('inconsistent', `the log does not continue the kept checkpoint of ${note.size} leaves: history was rewritten`);
    }
  }
}

async function checkWitnesses(client: ClientBase, check: LogCheck, { witnesses = [] }: VerifyOptions): Promise<number> {
  const { rows } = await client.query<Row>(
    'select c.tree_size::text, k.note, c.line from audit_cosignature c join audit_checkpoint k using (tree_size) order by c.tree_size',
  );
  let witnessed = 0;
  for (const row of rows) {
    const note = readCheckpoint(row.note ?? '');
    const verdicts = note ? witnesses.map((witness) => isWitnessed(note, row.line ?? '', witness)) : [];
    if (verdicts.includes(true)) witnessed = Number(row.tree_size);
    else if (verdicts.includes(false)) check.find('bad-signature', `the co-signature of checkpoint ${row.tree_size} is not good`);
  }
  return witnessed;
}

/** The database refuses changes by triggers; one that is off was turned off by somebody with the rights of the owner. */
async function checkGuards(client: ClientBase, check: LogCheck): Promise<void> {
  const { rows } = await client.query<Row>(
    `select tgname as name from pg_trigger where tgname like 'audit\\_%' and not tgisinternal and tgenabled not in ('O', 'A') order by tgname`,
  );
  for (const row of rows) check.find('guard-off', `the trigger ${row.name} is turned off`);
}

/** Checks the whole log in one read-only snapshot; a running server is not disturbed. */
export async function verifyLog(client: ClientBase, options: VerifyOptions): Promise<Report> {
  await client.query('begin transaction isolation level repeatable read, read only');
  const { rows: checkpoints } = await client.query<Row>(
    `select tree_size::text, encode(root_hash, 'hex') as root, note from audit_checkpoint order by audit_checkpoint.tree_size`,
  );
  const check = new LogCheck(checkpoints, options);
  const leaves = `select l.leaf_index::text, l.record_id::text, encode(l.leaf_hash, 'hex') as hash, ${RECORD} from audit_leaf l left join audit_record r on r.id = l.record_id order by l.leaf_index`;
  await stream(client, leaves, (row) => check.leaf(row));
  check.end();
  await stream(
    client,
    `select level::text, index::text, encode(hash, 'hex') as hash from audit_subtree order by audit_subtree.level, audit_subtree.index`,
    (row) => check.subtree(row),
  );
  check.subtreesEnd();
  const waiting = await checkWaiting(client, check);
  await checkKept(client, check, options);
  await checkGuards(client, check);
  const witnessed = await checkWitnesses(client, check, options);
  await client.query('commit');
  return { findings: check.findings, leaves: check.tree.size, checkpoints: checkpoints.length, erased: check.erased, waiting, witnessed };
}

interface ProofFile {
  readonly record: { readonly id: string; readonly at: string; readonly action: string; readonly contentHash: string; readonly content?: unknown };
  readonly leafIndex: number;
  readonly path: readonly string[];
  readonly checkpoint: string;
}

function readProof(text: string): ProofFile {
  const proof = JSON.parse(text) as Partial<ProofFile> | null;
  const { record, path, checkpoint } = proof ?? {};
  const named = typeof record?.id === 'string' && typeof record.at === 'string' && typeof record.action === 'string' && typeof record.contentHash === 'string';
  if (!named || typeof proof?.leafIndex !== 'number' || typeof checkpoint !== 'string' || !Array.isArray(path))
    throw new Error('the file is not an inclusion proof of the audit log');
  return proof as ProofFile;
}

/** Checks an inclusion proof by itself, without any database. */
export function verifyProof(text: string, keys: readonly PublicKey[]): Finding[] {
  const { record, leafIndex, path, checkpoint } = readProof(text);
  const findings: Finding[] = [];
  const contentHash = Buffer.from(record.contentHash, 'base64');
  const note = readCheckpoint(checkpoint);
  if (record.content !== undefined && record.content !== null && !sha256(canonical(record.content)).equals(contentHash))
    findings.push({ kind: 'record-changed', text: 'the content is not the one that was recorded' });
  if (!note || !keys.some((key) => key.name === note.origin && isSigned(note, key)))
    findings.push({ kind: 'bad-signature', text: "the checkpoint has no good signature of the site's key" });
  const root =
    note &&
    rootFromPath(
      leafIndex,
      note.size,
      leafOf({ ...record, contentHash }),
      path.map((hash) => Buffer.from(hash, 'base64')),
    );
  if (!root || !note.root.equals(root)) findings.push({ kind: 'not-included', text: 'the proof does not lead from this record to the checkpoint' });
  return findings;
}
