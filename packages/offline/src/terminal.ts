import { type Id, type Result, SECOND, newId } from '@sallyport/basics';
import type {
  bridgeNoncePath,
  CommandOutcome,
  Heartbeat,
  heartbeatPath,
  Proof,
  ResponseOf,
  TerminalHome,
  terminalHome,
  terminalReaders,
  Topic,
} from '@sallyport/contracts';
import { type Answered, Api } from './api.js';
import { jittered } from './backoff.js';
import { type Cached, CachedView } from './cache.js';
import { Connection, type ConnectionState } from './connection.js';
import { Follower } from './follower.js';
import { type EnrolFailure, type Identity, IdentityKeeper } from './identity.js';
import { OUTBOX_LIMITS, Outbox, type OutboxLimits, type OutboxSummary, type SaveFailure } from './outbox.js';
import type { Draft, ItemView } from './outbox-item.js';
import type { Ports, StorageHealth } from './ports.js';
import { ServerClock } from './server-clock.js';
import { Sessions } from './session.js';
import { Syncer } from './syncer.js';
import { type Watched, WatchedValue } from './watched.js';

const HEARTBEAT: typeof heartbeatPath = '/api/device/heartbeat';
const HOME: typeof terminalHome.path = '/api/terminal/home';
const READERS: typeof terminalReaders.path = '/api/terminal/readers';
const BRIDGE_NONCE: typeof bridgeNoncePath = '/api/terminal/bridge-nonce';
const HEARTBEAT_EVERY = 20 * SECOND;
/** While an officer compares the check value, the person before the screen waits too. */
const WAITING_EVERY = 3 * SECOND;

export interface TerminalOptions {
  readonly build: string;
  /** Kinds that overtake, have room of their own and end every back-off: calls for help. */
  readonly urgent: readonly string[];
  readonly screen: string;
  readonly userAgent: string;
  readonly limits?: OutboxLimits;
}

type ReadersAnswer = ResponseOf<typeof terminalReaders>;
/** The readers that vouch for people here, with a nonce of the server, fetched ahead so that they serve off line too. */
export interface Readers {
  readonly readers: ReadersAnswer['readers'];
  readonly nonce: string;
}

interface Parts {
  readonly bootId: Id;
  readonly clock: ServerClock;
  readonly keeper: IdentityKeeper;
  readonly outbox: Outbox;
  readonly home: CachedView<TerminalHome>;
  readonly readers: CachedView<Readers>;
}

/** A device of the house: who it is, what it has to say, what it last heard. One per page. */
export class Terminal {
  readonly connection: Watched<ConnectionState>;
  readonly identity: Watched<Identity | null>;
  readonly outbox: Outbox;
  readonly clock: ServerClock;
  readonly home: Watched<Cached<TerminalHome> | null>;
  readonly readers: Watched<Cached<Readers> | null>;
  readonly #home: CachedView<TerminalHome>;
  readonly #readers: CachedView<Readers>;
  readonly #storage = new WatchedValue<StorageHealth | null>(null);
  readonly #latestBuild = new WatchedValue<string | null>(null);
  readonly #ports: Ports;
  readonly #options: TerminalOptions;
  readonly #connection: Connection;
  readonly #keeper: IdentityKeeper;
  readonly #api: Api;
  readonly #sessions: Sessions;
  readonly #syncer: Syncer;
  readonly #follower: Follower;
  readonly #bootId: Id;
  readonly #outcomes = new Map<Id, (outcome: CommandOutcome) => void>();
  readonly #topicListeners = new Set<(topics: ReadonlySet<Topic> | null) => void>();
  readonly #stops: (() => void)[] = [];
  #resentWithoutMark = false;

  private constructor(ports: Ports, options: TerminalOptions, parts: Parts) {
    this.#ports = ports;
    this.#options = options;
    this.#bootId = parts.bootId;
    this.clock = parts.clock;
    this.#keeper = parts.keeper;
    this.identity = parts.keeper.identity;
    this.outbox = parts.outbox;
    this.#connection = new Connection(ports.clock);
    this.connection = this.#connection.state;
    this.#home = parts.home;
    this.home = this.#home.value;
    this.#readers = parts.readers;
    this.readers = this.#readers.value;
    this.#api = new Api(ports, this.#connection);
    const shared = { clock: ports.clock, keys: ports.keys, api: this.#api, identity: this.#keeper, serverClock: this.clock };
    this.#sessions = new Sessions(shared, (session) => this.#sessionOpened(session.acknowledgedSeq));
    const syncParts = { outbox: this.outbox, sessions: this.#sessions, identity: this.#keeper, api: this.#api };
    this.#syncer = new Syncer(ports, syncParts, (outcome) => this.#answered(outcome));
    this.#follower = new Follower(
      ports,
      (path) => this.#whenActive(path),
      async () => this.#token(),
      (topics) => this.#changed(topics),
    );
  }

  /** Opens the store and takes up where the last boot ended. Rejects when the store does not open. */
  static async open(ports: Ports, options: TerminalOptions): Promise<Terminal> {
    const bootId = newId(ports.clock, ports.random);
    const clock = new ServerClock(ports.clock, bootId);
    const keeper = new IdentityKeeper(ports);
    const home = new CachedView<TerminalHome>(ports.store, 'home');
    const readers = new CachedView<Readers>(ports.store, 'readers');
    // Side by side: a person waits for the first page, and each reading is a way to the disk and back.
    const [outbox] = await Promise.all([
      Outbox.open(ports, keeper, clock, { urgent: new Set(options.urgent), limits: options.limits ?? OUTBOX_LIMITS }),
      keeper.load(),
      home.load(),
      readers.load(),
    ]);
    const kept = home.value.get();
    if (kept?.offsetMs !== undefined) clock.recall({ offsetMs: kept.offsetMs, learntAt: kept.asOf });
    return new Terminal(ports, options, { bootId, clock, keeper, outbox, home, readers });
  }

  /** Disk promise and free space as last measured; null until measured. */
  get storage(): Watched<StorageHealth | null> {
    return this.#storage;
  }

  /** Build that the server offers, when it differs a new one waits. */
  get latestBuild(): Watched<string | null> {
    return this.#latestBuild;
  }

  /** Begins to sync, to listen and to report. Returns nothing; `stop` ends it. */
  start(): void {
    this.#stops.push(this.#syncer.start());
    this.#stops.push(this.#ports.leader.onRing(() => void this.outbox.refresh().then(() => this.#syncer.kick())));
    let online = this.connection.get().online;
    this.#stops.push(
      this.connection.subscribe(() => {
        const now = this.connection.get().online;
        if (now && !online) this.#syncer.lineBack();
        online = now;
      }),
    );
    this.#follower.start();
    this.#stops.push(() => this.#follower.stop());
    this.#beat();
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** Proves a new key with a one-time code; the device then waits for an officer to compare the check value. */
  async enrol(code: string): Promise<Result<Identity, EnrolFailure>> {
    const { build, screen, userAgent } = this.#options;
    const before = this.identity.get();
    const result = await this.#keeper.enrol(this.#api, code, { build, screen, userAgent });
    if (!result.ok) return result;
    await this.outbox.adopt(before === null || before.place === result.value.place);
    await Promise.all([this.#home.clear(), this.#readers.clear()]);
    this.#syncer.kick();
    void this.#follower.catchUp();
    return result;
  }

  draft(kind: string, body: Record<string, unknown>, version?: number): Draft {
    return this.outbox.draft(kind, body, version);
  }

  /** Saves an act and sends it as soon as the line allows. Resolves when it is safe here; `outcome` resolves when the server has answered. */
  async act(draft: Draft, proof?: Proof): Promise<Result<{ readonly saved: ItemView; readonly outcome: Promise<CommandOutcome> }, SaveFailure>> {
    const outcome = new Promise<CommandOutcome>((resolve) => this.#outcomes.set(draft.id, resolve));
    const result = await this.outbox.save(draft, proof);
    if (!result.ok) {
      this.#outcomes.delete(draft.id);
      return result;
    }
    this.#syncer.kick(this.outbox.isUrgent(draft.kind));
    return { ok: true, value: { saved: result.value, outcome } };
  }

  /** One attempt to send what waits; for a command-line device without a running loop. Returns what it needs next, see `Syncer.step`. */
  syncOnce(): Promise<number> {
    return this.#syncer.step();
  }

  /** Reads a path with this device's session; null without line or session. */
  async get(path: string): Promise<Answered | null> {
    return this.#authorised({ method: 'GET', path });
  }

  /** A question that changes nothing but needs a body. */
  async ask(path: string, body: unknown): Promise<Answered | null> {
    return this.#authorised({ method: 'POST', path, body });
  }

  /** Reads the idle screen's view now. False when no answer came. */
  async refreshHome(): Promise<boolean> {
    const answer = await this.get(HOME);
    // A device without a cell has no such view: nothing to wait for.
    if (answer?.status !== 200) return answer?.status === 404;
    const view = answer.json as TerminalHome;
    this.clock.take(view.serverTime, answer.sentAt);
    await this.#home.put(view, Date.parse(view.asOf), this.clock.offsetMs());
    return true;
  }

  /** Hears of changes by topic; null means that anything may have changed. */
  onChange(listener: (topics: ReadonlySet<Topic> | null) => void): () => void {
    this.#topicListeners.add(listener);
    return () => this.#topicListeners.delete(listener);
  }

  async #authorised(call: { method: 'GET' | 'POST'; path: string; body?: unknown }, again = false): Promise<Answered | null> {
    const token = await this.#sessions.token();
    if (!token.ok) return null;
    const answer = await this.#api.call({ ...call, token: token.value });
    if (answer?.status !== 401 && answer?.status !== 403) return answer;
    // How the device stands, only the session says: there the server has seen the key.
    this.#sessions.forget(token.value);
    return again ? answer : this.#authorised(call, true);
  }

  /** A device that an officer has not yet confirmed has nothing to read. */
  async #whenActive(path: string): Promise<{ status: number; json: unknown } | null> {
    return this.identity.get()?.state === 'active' ? this.get(path) : { status: 0, json: null };
  }

  async #token(): Promise<string | null> {
    const token = await this.#sessions.token();
    return token.ok ? token.value : null;
  }

  async #sessionOpened(acknowledgedSeq: number | null): Promise<void> {
    // A server that remembers nothing of this generation gets its day again once, not with every session.
    if (acknowledgedSeq === null && this.#resentWithoutMark) return;
    this.#resentWithoutMark = acknowledgedSeq === null;
    if ((await this.outbox.resendAfter(acknowledgedSeq)) > 0) this.#syncer.kick();
  }

  #answered(outcome: CommandOutcome): void {
    this.#outcomes.get(outcome.id)?.(outcome);
    this.#outcomes.delete(outcome.id);
  }

  /** Reads which readers vouch for people here. False when no answer came. */
  async #refreshReaders(): Promise<boolean> {
    const answer = await this.get(READERS);
    if (answer?.status !== 200) return answer !== null;
    const { readers } = answer.json as ReadersAnswer;
    const nonce = readers.length === 0 ? null : await this.ask(BRIDGE_NONCE, {});
    if (readers.length > 0 && nonce?.status !== 200) return nonce !== null;
    await this.#readers.put({ readers, nonce: ((nonce?.json ?? {}) as { nonce?: string }).nonce ?? '' }, this.clock.now(), this.clock.offsetMs());
    return true;
  }

  async #changed(topics: ReadonlySet<Topic> | null): Promise<boolean> {
    const ofDevice = topics === null || topics.has('device');
    const read = (await this.refreshHome()) && (!ofDevice || (await this.#refreshReaders()));
    for (const listener of this.#topicListeners) listener(topics);
    return read;
  }

  #beat(): void {
    let cancel: () => void = () => undefined;
    let stopped = false;
    const beat = async (): Promise<void> => {
      cancel();
      await this.heartbeat();
      const waiting = this.identity.get()?.state === 'waiting';
      cancel();
      if (!stopped) cancel = this.#ports.timers.after(jittered(waiting ? WAITING_EVERY : HEARTBEAT_EVERY, this.#ports.random), () => void beat());
    };
    let known = this.identity.get()?.deviceId;
    // A fresh identity is asked for at once and then as often as somebody waits before the screen.
    const watch = this.identity.subscribe(() => {
      const now = this.identity.get()?.deviceId;
      if (now !== known) void beat();
      known = now;
    });
    this.#stops.push(() => {
      stopped = true;
      watch();
      cancel();
    });
    void beat();
  }

  /** Tells the server how this device is; while it waits for the officer, asks whether that has changed. */
  async heartbeat(): Promise<void> {
    this.#storage.set(await this.#ports.storageHealth());
    const state = this.identity.get()?.state;
    if (state === undefined || state === 'revoked') return;
    if (state !== 'active') {
      // The session tells whether the officer has decided.
      this.#sessions.renew();
      await this.#token();
      if (this.identity.get()?.state !== 'active') return;
      this.#syncer.kick();
      void this.#follower.catchUp();
    }
    const vitals = this.#vitals();
    const { lost } = this.outbox;
    const answer = await this.ask(HEARTBEAT, vitals);
    if (answer?.status !== 200) return;
    await this.outbox.lostHeard(lost);
    const { serverTime, latestBuild } = answer.json as { serverTime: string; latestBuild: string | null };
    this.clock.take(serverTime, answer.sentAt);
    this.#latestBuild.set(latestBuild);
  }

  #vitals(): Heartbeat {
    const { generation, lastSeq, queued, oldestQueuedAt }: OutboxSummary = this.outbox.summary.get();
    const health = this.#storage.get();
    return {
      build: this.#options.build,
      generation,
      bootId: this.#bootId,
      lastSeq,
      queued,
      oldestQueuedAt,
      parked: this.#syncer.asideCount(),
      clockOffsetMs: this.clock.offsetMs(),
      freeBytes: health?.freeBytes ?? null,
      persisted: health?.persisted ?? false,
      ...(this.outbox.lost.length > 0 && { lost: [...this.outbox.lost] }),
      monotonicMs: Math.round(this.#ports.clock.monotonic()),
    };
  }
}
