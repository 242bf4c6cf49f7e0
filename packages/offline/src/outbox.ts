import { DAY, type Id, type Instant, type Result, err, newId, ok } from '@sallyport/basics';
import { type CommandOutcome, type Proof, signedText } from '@sallyport/contracts';
import type { IdentityKeeper } from './identity.js';
import { type Draft, type ItemView, type OutboxItem, serverTimeOf } from './outbox-item.js';
import { type Ports, instantTextOf } from './ports.js';
import type { ServerClock } from './server-clock.js';
import { type Watched, WatchedValue } from './watched.js';

/** Answered items stay this long, so that a server restored from a backup can be given them again. */
const KEEP_ANSWERED = DAY;
/** Four worst days of a terminal. Bounds the store whatever the clock says. */
const KEEP_ANSWERED_COUNT = 440;

/** Bounds of what waits, far below any quota. `reserve…` is room that only the urgent kinds may use. */
export interface OutboxLimits {
  readonly count: number;
  readonly bytes: number;
  readonly reserveCount: number;
  readonly reserveBytes: number;
}
export const OUTBOX_LIMITS: OutboxLimits = { count: 500, bytes: 3_000_000, reserveCount: 60, reserveBytes: 300_000 };

/** The code of an item that the server could not read at all, so that it never had an answer of its own. */
export const UNREADABLE = 'ENVELOPE_INVALID';

export type SaveFailure = 'outbox-full' | 'not-enrolled' | 'storage-failed';

/** Numbers `afterSeq` + 1 to `lastSeq` of a generation were given and are no longer here. */
export interface Lost {
  readonly generation: Id;
  readonly afterSeq: number;
  readonly lastSeq: number;
}
/** A store that is lost again and again before the server hears of it tells of the first times; more than this is a broken disk. */
const MOST_LOST = 10;

interface Counter {
  readonly generation: Id;
  readonly seq: number;
  readonly order: number;
}

export interface OutboxSummary {
  readonly generation: Id;
  readonly lastSeq: number;
  readonly queued: number;
  readonly bytes: number;
  readonly oldestQueuedAt: string | null;
  readonly full: boolean;
  /** Newest first; answered ones leave after a day. */
  readonly items: readonly ItemView[];
}

type OutboxPorts = Pick<Ports, 'clock' | 'random' | 'store' | 'witness' | 'keys' | 'seal' | 'leader'>;
interface Options {
  readonly urgent: ReadonlySet<string>;
  readonly limits: OutboxLimits;
}

/** What this device has to say, kept until the server has answered each item. */
export class Outbox {
  readonly #ports: OutboxPorts;
  readonly #identity: IdentityKeeper;
  readonly #serverClock: ServerClock;
  readonly #options: Options;
  readonly #summary: WatchedValue<OutboxSummary>;
  readonly #sent = new Set<Id>();
  readonly #saving: number[] = [];
  #items = new Map<Id, OutboxItem>();
  #counter: Counter;
  /** Numbers that are gone with a store, known by the witness; told to the server until it has heard. */
  lost: readonly Lost[];

  private constructor(ports: OutboxPorts, identity: IdentityKeeper, serverClock: ServerClock, options: Options, counter: Counter, lost: Outbox['lost']) {
    this.#ports = ports;
    this.#identity = identity;
    this.#serverClock = serverClock;
    this.#options = options;
    this.#counter = counter;
    this.lost = lost;
    this.#summary = new WatchedValue<OutboxSummary>({
      generation: counter.generation,
      lastSeq: counter.seq,
      queued: 0,
      bytes: 0,
      oldestQueuedAt: null,
      full: false,
      items: [],
    });
  }

  /**
   * Opens the queue of the store. A store that is new, or older than the witness remembers, begins a new generation: numbers are never
   * given twice. A store that is as it was left is only read: a start waits for no disk.
   */
  static async open(ports: OutboxPorts, identity: IdentityKeeper, serverClock: ServerClock, options: Options): Promise<Outbox> {
    const remembered = readWitness(ports.witness.read());
    const { store } = ports;
    const [found, told, items] = await Promise.all([store.get('meta', 'counter'), store.get('meta', 'lost'), store.all('outbox')]);
    const known = found as Counter | undefined;
    if (known !== undefined && !isBehind(known, remembered)) {
      const outbox = new Outbox(ports, identity, serverClock, options, known, (told as readonly Lost[] | undefined) ?? []);
      outbox.#take(items as OutboxItem[], known);
      if (remembered?.generation !== known.generation || remembered.lastSeq !== known.seq) ports.witness.write(`${known.generation} ${known.seq}`);
      return outbox;
    }
    const { counter, lost } = await beginGeneration(ports, remembered);
    const outbox = new Outbox(ports, identity, serverClock, options, counter, lost);
    await outbox.refresh();
    return outbox;
  }

  get summary(): Watched<OutboxSummary> {
    return this.#summary;
  }

  isUrgent(kind: string): boolean {
    return this.#options.urgent.has(kind);
  }

  /** Reads the store anew: another page may have written. */
  async refresh(): Promise<void> {
    const all = (await this.#ports.store.all('outbox')) as OutboxItem[];
    this.#take(all, ((await this.#ports.store.get('meta', 'counter')) as Counter | undefined) ?? this.#counter);
  }

  #take(all: OutboxItem[], counter: Counter): void {
    this.#counter = counter;
    this.#items = new Map(all.sort((a, b) => a.order - b.order).map((item) => [item.id, item]));
    this.#publish();
  }

  /** Begins an act: fixes its id and the time that the device claims. Nothing is stored yet. */
  draft(kind: string, body: Record<string, unknown>, version = 1): Draft {
    const { clock, random } = this.#ports;
    return { id: newId(clock, random), kind, version, madeAt: instantTextOf(this.#serverClock.claim()), body };
  }

  /** Seals and stores an act. When this resolves with ok, the act survives a power cut: only then may a screen say "saved here". */
  async save(draft: Draft, proof?: Proof): Promise<Result<ItemView, SaveFailure>> {
    const who = this.#identity.identity.get();
    if (who === null) return err('not-enrolled');
    const sealed = await this.#ports.seal({ body: { ...draft.body }, ...(proof && { proof }) }, who.sealKey, draft.id);
    if (!this.#room(sealed.length, this.isUrgent(draft.kind))) return err('outbox-full');
    this.#saving.push(sealed.length);
    try {
      const item = await this.#store(draft, sealed);
      this.#items.set(item.id, item);
      return ok(this.#view(item));
    } catch {
      return err('storage-failed');
    } finally {
      this.#saving.splice(this.#saving.indexOf(sealed.length), 1);
      this.#publish();
      this.#ports.leader.ring();
    }
  }

  async #store(draft: Draft, sealed: string): Promise<OutboxItem> {
    const { store, witness } = this.#ports;
    const { id, kind, version, madeAt } = draft;
    const clock = this.#serverClock.reading();
    let item: OutboxItem | undefined;
    let counter = this.#counter;
    await store.update([['meta', 'counter']], ([found]) => {
      const old = found as Counter;
      counter = { ...old, seq: old.seq + 1, order: old.order + 1 };
      item = { id, kind, version, madeAt, seq: counter.seq, generation: counter.generation, clock, sealed, signature: null, order: counter.order, done: null };
      return [
        { table: 'meta', key: 'counter', value: counter },
        { table: 'outbox', key: id, value: item },
      ];
    });
    this.#counter = counter;
    witness.write(`${counter.generation} ${counter.seq}`);
    return item as OutboxItem;
  }

  #room(bytes: number, urgent: boolean): boolean {
    const { limits } = this.#options;
    const queued = this.#queued();
    const count = queued.length + this.#saving.length + 1;
    const total = [...queued.map((item) => item.sealed.length), ...this.#saving].reduce((sum, size) => sum + size, bytes);
    return count <= limits.count + (urgent ? limits.reserveCount : 0) && total <= limits.bytes + (urgent ? limits.reserveBytes : 0);
  }

  #queued(): OutboxItem[] {
    return [...this.#items.values()].filter((item) => item.done === null);
  }

  /** The next items to send: urgent kinds first, then in order of making; not those in `except`. */
  next(limit: number, except: ReadonlySet<Id>): OutboxItem[] {
    const waiting = this.#queued().filter((item) => !except.has(item.id));
    const urgent = waiting.filter((item) => this.isUrgent(item.kind));
    return [...urgent, ...waiting.filter((item) => !this.isUrgent(item.kind))].slice(0, limit);
  }

  hasUrgent(): boolean {
    return this.#queued().some((item) => this.isUrgent(item.kind));
  }

  /** Signs what is not yet signed and stores the signatures before anything leaves. */
  async sign(items: readonly OutboxItem[]): Promise<(OutboxItem & { signature: string })[]> {
    const kept = this.#identity.identity.get()?.kept;
    const signed = await Promise.all(
      items.map(async (item) => ({ ...item, signature: item.signature ?? (await this.#ports.keys.sign(kept, signedText(item))) })),
    );
    const fresh = signed.filter((_item, index) => items[index]?.signature === null);
    if (fresh.length > 0) await this.#write(fresh);
    return signed;
  }

  /** Marks items as handed to the line; only for the screen. */
  sent(ids: readonly Id[]): void {
    for (const id of ids) this.#sent.add(id);
    this.#publish();
  }

  /** No answer came: whether the server has them is not known, so they are no more than saved here. */
  unanswered(ids: readonly Id[]): void {
    for (const id of ids) this.#sent.delete(id);
    this.#publish();
  }

  /** Takes the server's answers. Only an answer for its own id ends an item. */
  async settle(outcomes: readonly CommandOutcome[]): Promise<void> {
    const at = this.#ports.clock.now();
    const ended = outcomes.flatMap(({ id, outcome, code }) => {
      const item = this.#items.get(id);
      return item && item.done === null ? [{ ...item, done: { outcome, code: code ?? null, at, seen: outcome === 'accepted' } }] : [];
    });
    if (ended.length > 0) await this.#write(ended);
    await this.#forget(at);
  }

  /** The server has heard of these losses. */
  async lostHeard(heard: readonly Lost[]): Promise<void> {
    if (heard.length === 0) return;
    this.lost = this.lost.filter((one) => !heard.includes(one));
    await this.#ports.store.update([], () => [{ table: 'meta', key: 'lost', ...(this.lost.length > 0 && { value: this.lost }) }]);
  }

  /** The person has read why an item was not accepted. */
  async seen(id: Id): Promise<void> {
    const item = this.#items.get(id);
    if (item?.done) await this.#write([{ ...item, done: { ...item.done, seen: true } }]);
  }

  /**
   * The server's memory ends at `acknowledgedSeq`. When this device holds later answers the server was restored from a backup:
   * all kept items of the generation are given to it again (urgent items overtake, so the numbers before it are no proof either).
   * Returns how many.
   */
  async resendAfter(acknowledgedSeq: number | null): Promise<number> {
    const answered = [...this.#items.values()].filter(
      (item) => item.done !== null && item.done.code !== UNREADABLE && item.generation === this.#counter.generation,
    );
    const highest = Math.max(0, ...answered.map((item) => item.seq));
    if (highest <= (acknowledgedSeq ?? 0)) return 0;
    await this.#write(answered.map((item) => ({ ...item, done: null })));
    return answered.length;
  }

  /**
   * The device has a new identity: what waits is numbered and signed anew under it, in a new generation. Acts of another place would
   * speak for the wrong people there; they end as refused, for an officer to see. Call before the first item of the new identity.
   */
  async adopt(samePlace: boolean): Promise<void> {
    const { store, witness, clock, random } = this.#ports;
    const at = clock.now();
    const queued = this.#queued();
    const generation = newId(clock, random);
    const counter: Counter = { generation, seq: samePlace ? queued.length : 0, order: this.#counter.order };
    const adopted = queued.map((item, index) =>
      samePlace
        ? { ...item, generation, seq: index + 1, signature: null }
        : { ...item, done: { outcome: 'refused' as const, code: 'WRONG_PLACE', at, seen: false } },
    );
    await store.update([], () => [
      { table: 'meta', key: 'counter', value: counter },
      ...adopted.map((value) => ({ table: 'outbox' as const, key: value.id, value })),
    ]);
    this.#counter = counter;
    for (const item of adopted) this.#items.set(item.id, item);
    witness.write(`${generation} ${counter.seq}`);
    this.#publish();
  }

  async #write(items: readonly OutboxItem[]): Promise<void> {
    await this.#ports.store.update([], () => items.map((value) => ({ table: 'outbox', key: value.id, value })));
    for (const item of items) {
      this.#items.set(item.id, item);
      if (item.done !== null) this.#sent.delete(item.id);
    }
    this.#publish();
    this.#ports.leader.ring();
  }

  async #forget(now: Instant): Promise<void> {
    const answered = [...this.#items.values()].filter((item) => item.done !== null);
    const gone = answered.filter((item, index) => now - (item.done?.at ?? now) > KEEP_ANSWERED || index < answered.length - KEEP_ANSWERED_COUNT);
    if (gone.length === 0) return;
    await this.#ports.store.update([], () => gone.map(({ id }) => ({ table: 'outbox', key: id })));
    for (const { id } of gone) this.#items.delete(id);
    this.#publish();
  }

  #view(item: OutboxItem): ItemView {
    const state = item.done?.outcome ?? (this.#sent.has(item.id) ? 'sent' : 'saved');
    return { id: item.id, kind: item.kind, seq: item.seq, madeAt: item.madeAt, at: serverTimeOf(item), state, code: item.done?.code ?? null };
  }

  /** Answers that a person has not yet read: refused and parked. */
  unread(): ItemView[] {
    return [...this.#items.values()].filter((item) => item.done !== null && !item.done.seen).map((item) => this.#view(item));
  }

  #publish(): void {
    const queued = this.#queued();
    const [oldest] = queued;
    this.#summary.set({
      generation: this.#counter.generation,
      lastSeq: this.#counter.seq,
      queued: queued.length,
      bytes: queued.reduce((sum, item) => sum + item.sealed.length, 0),
      oldestQueuedAt: oldest?.madeAt ?? null,
      full: !this.#room(0, false),
      items: [...this.#items.values()].reverse().map((item) => this.#view(item)),
    });
  }
}

type Remembered = ReturnType<typeof readWitness>;

/** Whether the store lacks numbers that the witness knows to have been given. */
function isBehind(counter: Counter | undefined, remembered: Remembered): boolean {
  return remembered !== null && (counter === undefined || (counter.generation === remembered.generation && counter.seq < remembered.lastSeq));
}

/** Begins a new generation in one step with the note of what was lost; another page that has just done so is followed. */
async function beginGeneration(ports: OutboxPorts, remembered: Remembered): Promise<{ counter: Counter; lost: readonly Lost[] }> {
  const fresh: Counter = { generation: newId(ports.clock, ports.random), seq: 0, order: 0 };
  let counter = fresh;
  let lost: readonly Lost[] = [];
  const read = [['meta', 'counter'] as const, ['meta', 'lost'] as const];
  await ports.store.update(read, ([found, told]) => {
    const old = found as Counter | undefined;
    const behind = isBehind(old, remembered);
    const afterSeq = old?.generation === remembered?.generation ? (old?.seq ?? 0) : 0;
    lost = [...((told as readonly Lost[] | undefined) ?? []), ...(behind && remembered ? [{ ...remembered, afterSeq }] : [])].slice(0, MOST_LOST);
    counter = old === undefined ? fresh : behind ? { ...fresh, order: old.order } : old;
    return [
      { table: 'meta', key: 'counter', value: counter },
      { table: 'meta', key: 'lost', ...(lost.length > 0 && { value: lost }) },
    ];
  });
  ports.witness.write(`${counter.generation} ${counter.seq}`);
  return { counter, lost };
}

function readWitness(text: string | null): { generation: string; lastSeq: number } | null {
  const [generation, seq] = (text ?? '').split(' ');
  const lastSeq = Number(seq);
  return generation && Number.isInteger(lastSeq) ? { generation, lastSeq } : null;
}
