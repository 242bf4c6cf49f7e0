import type { KeyObject } from 'node:crypto';
import { assert, must } from '@sallyport/basics';
import { sql } from 'kysely';
import type { Db, Trx } from '../db/index.js';
import { latestCheckpoint, loadFrontier, type StoredCheckpoint } from './log-store.js';
import { Frontier, type Hash, type Subtree } from './merkle.js';
import { checkpointText, parseCheckpoint, parseNote, signedBy, signNote, type Verifier, verifierOf } from './note.js';

export interface SequencerOptions {
  readonly db: Db;
  /** Ed25519 private key. */
  readonly key: KeyObject;
  /** `auditOrigin(site)`: first line of every checkpoint and name of the key. */
  readonly origin: string;
  /** Keys that signed earlier checkpoints, after the key was changed. */
  readonly earlierKeys?: readonly Verifier[];
  /** A step failed; it is tried again at the next interval. The caller logs it. */
  readonly onError: (error: unknown) => void;
  /** Most leaves of one step and checkpoint; default 5,000. */
  readonly batch?: number;
}

export interface Sequencer {
  /** Appends what is due; one step of one process at a time. Zero leaves also when another process is at it. */
  step(): Promise<number>;
  /** Appends until nothing more is due, waiting for other processes. Returns the number of leaves. Records of open transactions stay. */
  drain(): Promise<number>;
  /** Steps now and then at each interval until stopped. */
  start(everyMs?: number): void;
  /** Waits for a step under way. */
  stop(): Promise<void>;
}

/** The log does not match what was signed: nothing may be appended until a person has looked at it. */
export class AuditLogBroken extends Error {
  override readonly name = 'AuditLogBroken';
}

interface Pending {
  readonly id: string;
  readonly hash: Hash;
}

/** One sequencer among all processes of a site; a number that no other advisory lock of the house has. */
const SEQUENCER_LOCK = 7_255_010;
const DEFAULT_BATCH = 5_000;
/** A new checkpoint at most this often: 17,000 a day at most, and a tenth of the lag that would matter. */
const DEFAULT_INTERVAL_MS = 5_000;

/**
 * Gives every committed record its leaf and signs the grown tree. Leaves, checkpoint and the end of the waiting are one transaction
 * under an advisory lock, so that a kill at any point leaves either the old or the new log, and two processes never fork it.
 */
export function createSequencer(options: SequencerOptions): Sequencer {
  const log = new GrowingLog(options);
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const tick = async () => {
    try {
      await log.catchUp(false);
    } catch (error) {
      options.onError(error);
    }
  };
  return {
    step: () => log.step(false),
    drain: () => log.catchUp(true),
    start(everyMs = DEFAULT_INTERVAL_MS) {
      assert(timer === undefined, 'the sequencer is not running yet');
      const next = async () => {
        await tick();
        if (timer !== undefined) timer = setTimeout(run, everyMs);
      };
      const run = () => {
        running = next();
      };
      timer = setTimeout(run, 0);
    },
    async stop() {
      clearTimeout(timer);
      timer = undefined;
      await running;
    },
  };
}

class GrowingLog {
  readonly #options: SequencerOptions;
  readonly #verifiers: readonly Verifier[];
  /** The tree as this process last saw it committed. */
  #known = new Frontier();

  constructor(options: SequencerOptions) {
    this.#options = options;
    this.#verifiers = [verifierOf(options.origin, options.key), ...(options.earlierKeys ?? [])];
  }

  async catchUp(wait: boolean): Promise<number> {
    let total = 0;
    for (;;) {
      const count = await this.step(wait);
      if (count === 0) return total;
      total += count;
    }
  }

  async step(wait: boolean): Promise<number> {
    const { db, batch = DEFAULT_BATCH } = this.#options;
    const grown = await db.transaction().execute(async (trx) => {
      if (!(await lock(trx, wait))) return null;
      const pending = await due(trx, batch);
      if (pending.length === 0) return null;
      const frontier = (await this.#current(trx)).copy();
      await this.#append(trx, frontier, pending);
      return { frontier, count: pending.length };
    });
    if (grown) this.#known = grown.frontier;
    return grown?.count ?? 0;
  }

  /** The tree to append to: what this process knows, or what is stored when another process appended. Never one that was not signed. */
  async #current(trx: Trx): Promise<Frontier> {
    const checkpoint = await latestCheckpoint(trx);
    if (!checkpoint && this.#known.size === 0) return this.#known;
    if (!checkpoint || checkpoint.size < this.#known.size) throw new AuditLogBroken(`the audit log went back below ${this.#known.size} leaves`);
    if (checkpoint.size === this.#known.size) {
      if (!checkpoint.root.equals(this.#known.root())) throw new AuditLogBroken(`the checkpoint of ${checkpoint.size} leaves is not the one that was signed`);
      return this.#known;
    }
    this.#checkSignature(checkpoint);
    const frontier = await loadFrontier(trx, checkpoint.size);
    if (!frontier.root().equals(checkpoint.root)) throw new AuditLogBroken(`the leaves do not make up the checkpoint of ${checkpoint.size} leaves`);
    return frontier;
  }

  #checkSignature({ note, size, root }: StoredCheckpoint): void {
    const parsed = parseNote(note);
    const good = parsed.ok && this.#verifiers.some((verifier) => signedBy(parsed.value, verifier));
    const said = parsed.ok ? parseCheckpoint(parsed.value.text) : parsed;
    if (!good || !said.ok || said.value.size !== size || !said.value.root.equals(root)) {
      throw new AuditLogBroken(`the checkpoint of ${size} leaves was not signed by this site's key`);
    }
  }

  async #append(trx: Trx, frontier: Frontier, pending: readonly Pending[]): Promise<void> {
    const first = frontier.size;
    const completed = pending.flatMap(({ hash }) => frontier.append(hash));
    const ids = pending.map(({ id }) => id);
    await sql`
      insert into audit_leaf (leaf_index, record_id, leaf_hash)
      select ${first}::bigint + place - 1, id, hash from unnest(${ids}::uuid[], ${pending.map(({ hash }) => hash)}::bytea[]) with ordinality as leaf (id, hash, place)`.execute(
      trx,
    );
    await storeSubtrees(trx, completed);
    const { origin, key } = this.#options;
    const root = frontier.root();
    const note = signNote(checkpointText({ origin, size: frontier.size, root }), origin, key);
    await sql`insert into audit_checkpoint (tree_size, root_hash, note) values (${frontier.size}, ${root}, ${note})`.execute(trx);
    await sql`delete from audit_pending where record_id = any(${ids}::uuid[])`.execute(trx);
  }
}

async function lock(trx: Trx, wait: boolean): Promise<boolean> {
  if (wait) await sql`select pg_advisory_xact_lock(${SEQUENCER_LOCK}::bigint)`.execute(trx);
  else {
    const { rows } = await sql<{ held: boolean }>`select pg_try_advisory_xact_lock(${SEQUENCER_LOCK}::bigint) as held`.execute(trx);
    return must(rows[0], 'lock').held;
  }
  return true;
}

/**
 * Records whose leaf is due, in the order of their transactions. The fence keeps back what is newer than a transaction still open, so
 * that the order never depends on who looked when. A number above the snapshot cannot be of this cluster: it came with a restored dump.
 */
async function due(trx: Trx, limit: number): Promise<Pending[]> {
  const { rows } = await sql<Pending>`
    select record_id as id, leaf_hash as hash from audit_pending
    where xid < pg_snapshot_xmin(pg_current_snapshot()) or xid >= pg_snapshot_xmax(pg_current_snapshot())
    order by xid, record_id limit ${limit}`.execute(trx);
  return rows;
}

async function storeSubtrees(trx: Trx, subtrees: readonly Subtree[]): Promise<void> {
  if (subtrees.length === 0) return;
  await sql`
    insert into audit_subtree (level, index, hash)
    select * from unnest(${subtrees.map(({ level }) => level)}::smallint[], ${subtrees.map(({ index }) => index)}::bigint[], ${subtrees.map(({ hash }) => hash)}::bytea[])`.execute(
    trx,
  );
}
