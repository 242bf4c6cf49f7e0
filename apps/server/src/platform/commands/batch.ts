import { assert, type Id, must } from '@sallyport/basics';
import type { CommandOutcome, ProofKind } from '@sallyport/contracts';
import type { Arrival, Refusal, Settled } from './arrival.js';
import { auditOf } from './audit-record.js';
import type { CheckProofs, CommandKind, CommandScope, DeviceActor, Handled, Incoming, ProofVerdict } from './kind.js';
import { deviceMaySend, lacksStepUp, officerRefusal } from './permit.js';
import { rounds } from './rounds.js';
import { type OpenScope, openScope, release, type TransactionContext } from './scope.js';
import { isFilled, noteNumbers } from './sequence.js';
import { type AskedBefore, type Before, type Known, type ProgressChange, quarantine, readBefore, recordCommands, writeGaps, writeOutcomes } from './store.js';

/** A command that was kept for an administrator. */
export interface ParkedCommand {
  readonly id: Id;
  readonly kind: string;
  readonly place: string | null;
  readonly cell: string | null;
}

export interface BatchContext extends TransactionContext {
  readonly checkProofs: CheckProofs;
  /** Puts a parked command before an administrator, in the transaction that parks it. */
  onParked(scope: CommandScope, parked: ParkedCommand): Promise<void>;
}

/** One arrival on its way through the transaction. */
interface Entry {
  readonly arrival: Arrival;
  outcome: CommandOutcome | null;
  /** Takes its id for ever. */
  record: boolean;
  audit: boolean;
  unauthorised: boolean;
  /** An earlier arrival of the batch with the same id, whose outcome this one shares. */
  sharedWith: Entry | null;
  incoming: Incoming<unknown> | null;
  storedResult: Record<string, unknown> | undefined;
}

function refuse(entry: Entry, refusal: Refusal, record = true): void {
  entry.outcome = { id: entry.arrival.id, outcome: 'refused', ...refusal };
  entry.record = record;
}

const REUSED: Refusal = { code: 'ID_REUSED', message: 'This id belongs to another command. Give every act an id of its own.' };

function knownOutcome(scope: CommandScope, arrival: Arrival, known: Known): CommandOutcome {
  const { id, outcome, code, message, details } = known;
  const secret = arrival.definition?.secret;
  const result = known.result && secret && outcome === 'accepted' ? (secret.restored(scope.keys, id, known.result) as Record<string, unknown>) : known.result;
  return { id, outcome, ...(code && { code }), ...(message && { message }), ...(details && { details }), ...(result && { result }) };
}

/** The sender as the transaction sees it: a device's place and state may have changed since the request came. */
function seen(arrival: Arrival, devices: Before['devices']): Arrival {
  const { sender } = arrival;
  if (sender.kind === 'officer') return arrival;
  const now = devices.get(sender.id);
  return now ? { ...arrival, sender: { ...now, ...(sender.unproved && { unproved: true }) } } : arrival;
}

function incomingOf(arrival: Arrival): Incoming<unknown> {
  const { id, kind, body, sender, times } = arrival;
  return { id, kind, body, actor: sender, proof: null, ...times };
}

/** Settles what needs no handler. What stays without an outcome goes on. */
function open(scope: CommandScope, before: Before, raw: Arrival, firsts: Map<Id, Entry>): Entry {
  const arrival = seen(raw, before.devices);
  const { prejudged, sender, definition, id } = arrival;
  const entry: Entry = { arrival, outcome: null, record: false, audit: true, unauthorised: false, sharedWith: null, incoming: null, storedResult: undefined };
  if (sender.kind === 'device' && !deviceMaySend(arrival, before.devices.get(sender.id))) {
    refuse(entry, { code: 'DEVICE_REVOKED', message: 'This device may send nothing.' }, false);
    entry.unauthorised = true;
    return entry;
  }
  if (prejudged.go === 'turn-away') return (refuse(entry, prejudged.refusal, false), entry);
  const earlier = before.known.get(id) ?? firsts.get(id)?.arrival;
  if (earlier && !earlier.fingerprint.equals(arrival.fingerprint)) return (refuse(entry, REUSED, false), entry);
  const known = before.known.get(id);
  if (known || earlier) {
    entry.audit = false;
    if (known) entry.outcome = knownOutcome(scope, arrival, known);
    else entry.sharedWith = firsts.get(id) ?? null;
    return entry;
  }
  firsts.set(id, entry);
  if (prejudged.go === 'refuse') return (refuse(entry, prejudged.refusal), entry);
  if (prejudged.go === 'park') {
    entry.outcome = { id, outcome: 'parked' };
    entry.record = true;
    return entry;
  }
  entry.incoming = incomingOf(arrival);
  const access = must(definition, 'definition of a judged command').access;
  if (sender.kind !== 'officer' || access.by !== 'officer') return entry;
  const refusal = officerRefusal(access, sender, arrival.body);
  if (refusal) refuse(entry, refusal);
  else if (lacksStepUp(access, sender, scope.now)) {
    firsts.delete(id);
    refuse(entry, { code: 'STEP_UP_NEEDED', message: 'Prove again who you are, then send the same command once more.' }, false);
  }
  return entry;
}

const PROOF_REFUSALS: Readonly<Record<Exclude<ProofVerdict['outcome'], 'proved'>, Refusal>> = {
  wrong: { code: 'PROOF_WRONG', message: 'The proof is wrong.' },
  // The same words whether the person or the proof is wrong: nobody learns here who lives where.
  'unknown-person': { code: 'PROOF_WRONG', message: 'The proof is wrong.' },
  locked: { code: 'PROOF_LOCKED', message: 'Too many wrong proofs. Call an officer.' },
  missing: { code: 'PROOF_MISSING', message: 'This act needs a proof of the person.' },
};

function settleProof(entry: Entry, kind: CommandKind, verdict: ProofVerdict): void {
  entry.incoming = { ...must(entry.incoming, 'incoming'), proof: verdict };
  if (verdict.outcome !== 'proved' && kind.contract.proofRequired) refuse(entry, PROOF_REFUSALS[verdict.outcome]);
}

/** Has the proofs of the batch judged in one call, and refuses what must be proved and is not. */
async function prove(context: BatchContext, scope: CommandScope, entries: readonly Entry[]): Promise<void> {
  const waiting: { entry: Entry; kind: CommandKind }[] = [];
  for (const entry of entries) {
    const kind = entry.arrival.definition;
    if (entry.outcome || entry.sharedWith || !kind || kind.contract.proofs.length === 0) continue;
    const { proof } = entry.arrival;
    if (!proof) settleProof(entry, kind, { outcome: 'missing', kind: null, person: null });
    else if (kind.contract.proofs.includes(proof.kind as ProofKind)) waiting.push({ entry, kind });
    else if (kind.contract.proofRequired)
      refuse(entry, { code: 'PROOF_KIND_NOT_ACCEPTED', message: `${kind.contract.kind} takes ${kind.contract.proofs.join(', ')}.` });
    else settleProof(entry, kind, { outcome: 'wrong', kind: proof.kind, person: null });
  }
  if (waiting.length === 0) return;
  const verdicts = await context.checkProofs(
    scope,
    waiting.map(({ entry: { arrival } }) => ({
      commandId: arrival.id,
      kind: arrival.kind,
      proof: must(arrival.proof, 'proof'),
      device: arrival.sender as DeviceActor,
      actText: arrival.actText,
      correctedAt: arrival.times.correctedAt,
      receivedAt: arrival.times.receivedAt,
    })),
  );
  assert(verdicts.length === waiting.length, 'one verdict per proof');
  waiting.forEach(({ entry, kind }, index) => settleProof(entry, kind, must(verdicts[index], 'verdict')));
}

function take(entry: Entry, kind: CommandKind, handled: Handled<unknown>): void {
  if (handled.outcome === 'refused') {
    const { code, message, details } = handled;
    return refuse(entry, { code, message, ...(details && { details }) });
  }
  const result = (handled.result ?? {}) as Record<string, unknown>;
  entry.outcome = { id: entry.arrival.id, outcome: 'accepted', result };
  entry.storedResult = kind.secret ? kind.secret.stored(result as never) : result;
  entry.record = true;
}

/** Lets the handlers do their work, each kind with all its commands at once, without changing the order of any cell or officer. */
async function handle(scope: CommandScope, entries: readonly Entry[]): Promise<void> {
  const pending = entries
    .filter((entry) => !entry.outcome && !entry.sharedWith)
    .map((entry) => ({ entry, orderKey: entry.arrival.orderKey, kind: entry.arrival.kind }));
  for (const group of rounds(pending)) {
    const kind = must(group[0]?.entry.arrival.definition, 'definition of a group');
    const answers = await kind.handle(
      scope,
      group.map(({ entry }) => must(entry.incoming, 'incoming') as Incoming<never>),
    );
    assert(answers.length === group.length, `${kind.contract.kind} answers every command`);
    group.forEach(({ entry }, index) => take(entry, kind, must(answers[index], 'answer')));
  }
}

/** How far the devices have come with the commands of this batch that are new. */
function progressChanges(before: Before, entries: readonly Entry[]): ProgressChange[] {
  const numbers = new Map<string, number[]>();
  for (const { arrival, unauthorised } of entries) {
    if (unauthorised || !arrival.number) continue;
    const key = `${arrival.sender.id} ${arrival.number.generation}`;
    numbers.set(key, [...(numbers.get(key) ?? []), arrival.number.seq]);
  }
  return [...numbers].flatMap(([key, seqs]) => {
    const progress = must(before.progress.get(key), 'progress');
    const after = noteNumbers(progress, seqs);
    return progress.isNew || after.high !== progress.high || after.filled ? [{ before: progress, after }] : [];
  });
}

/** Writes what the batch leaves behind. Gives the cursor of its hints, null without hints. */
async function write(context: BatchContext, { scope, effects }: OpenScope, before: Before, entries: readonly Entry[]): Promise<string | null> {
  const { trx, now } = scope;
  const records = entries.flatMap(({ arrival, outcome, record, storedResult }) => (record && outcome ? [{ arrival, outcome, storedResult }] : []));
  const parked = records.filter(({ arrival, outcome }) => outcome.outcome === 'parked' && arrival.prejudged.go === 'park');
  await recordCommands(trx, parked);
  for (const { arrival } of parked) if (arrival.prejudged.go === 'park') await park(context, scope, arrival, arrival.prejudged.error, 1);
  const changes = progressChanges(before, entries);
  const audit = entries.flatMap((entry) => (entry.audit ? [auditOf(entry.arrival, must(entry.outcome, 'outcome'), entry.incoming, now, context.random)] : []));
  const cursor = await writeOutcomes(trx, {
    now,
    records: records.filter((record) => !parked.includes(record)),
    changes,
    audit,
    hints: [...effects.hints.values()],
  });
  await writeGaps(trx, now, changes, isFilled);
  return cursor;
}

async function park(context: BatchContext, scope: CommandScope, arrival: Arrival, error: string, attempts: number): Promise<void> {
  await quarantine(scope.trx, scope.now, arrival, error, attempts);
  const { sender } = arrival;
  const place = sender.kind === 'device' ? { place: sender.place, cell: sender.cell } : { place: null, cell: null };
  await context.onParked(scope, { id: arrival.id, kind: arrival.kind, ...place });
}

function askedBefore(arrivals: readonly Arrival[]): AskedBefore {
  const ids = new Set<Id>();
  const devices = new Set<Id>();
  const pairs = new Map<string, { device: Id; generation: Id }>();
  for (const { id, sender, number, prejudged } of arrivals) {
    if (prejudged.go !== 'turn-away') ids.add(id);
    if (sender.kind === 'device') devices.add(sender.id);
    if (number) pairs.set(`${sender.id} ${number.generation}`, { device: sender.id, generation: number.generation });
  }
  return { ids: [...ids], devices: [...devices], pairs: [...pairs.values()] };
}

function settledOf(entry: Entry): Settled {
  if (entry.unauthorised) return { kind: 'unauthorised' };
  const outcome = entry.sharedWith ? entry.sharedWith.outcome : entry.outcome;
  return { kind: 'outcome', outcome: must(outcome, 'outcome') };
}

/**
 * Does a batch in one transaction: effects, outcomes, audit, hints. Answers only after the commit.
 * @throws whatever a handler or the database throws; then nothing was done.
 */
export async function runBatch(context: BatchContext, arrivals: readonly Arrival[]): Promise<Settled[]> {
  const { entries, effects, cursor } = await context.db.transaction().execute(async (trx) => {
    const opened = await openScope(context, trx);
    const { scope } = opened;
    const before = await readBefore(trx, askedBefore(arrivals));
    const firsts = new Map<Id, Entry>();
    const entries = arrivals.map((arrival) => open(scope, before, arrival, firsts));
    await prove(context, scope, entries);
    await handle(scope, entries);
    return { entries, effects: opened.effects, cursor: await write(context, opened, before, entries) };
  });
  release(context.realtime, effects, cursor);
  return entries.map(settledOf);
}

/** Gives one command the outcome `parked` in a transaction of its own; one that has its outcome already keeps it. */
export async function parkOne(context: BatchContext, arrival: Arrival, error: string): Promise<Settled[]> {
  return runBatch(context, [{ ...arrival, body: null, prejudged: { go: 'park', error } }]);
}
