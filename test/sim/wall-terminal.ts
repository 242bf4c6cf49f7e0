import { stableJson } from '@sallyport/basics';
import type { Proof, TerminalHome } from '@sallyport/contracts';
import { fileKeys, type ItemView, type Leader, type Ports, seal, Terminal } from '@sallyport/offline';
import type { Chance } from './chance.js';
import { Disk, type DiskContent } from './disk.js';
import type { HistoryEvent } from './history.js';
import { Link } from './link.js';
import type { Servers, World } from './servers.js';
import type { Installed } from './template.js';

export type Note = (event: HistoryEvent) => void;

const OPTIONS = { build: 'sim', urgent: ['alert.call'], screen: '1280x800', userAgent: 'sim' };
const HOME = '/api/terminal/home';
/** A socket brings its hint so late. */
const HINT_MS = 100;

/** One page of the terminal while it is open. */
interface Page {
  readonly terminal: Terminal;
  on: boolean;
  readonly ring: Set<() => void>;
}

/** The lock that the pages of a terminal share: the first leads, the next when it has ended. */
class SharedLock {
  #tail: Promise<void> = Promise.resolve();

  leader(pages: () => readonly Page[], self: () => Page | undefined): Leader {
    const listeners = new Set<() => void>();
    return {
      lead: (task) => {
        const stop = new AbortController();
        const turn = this.#tail.then(() => (stop.signal.aborted ? undefined : task(stop.signal)));
        this.#tail = turn.catch(() => undefined);
        return () => stop.abort();
      },
      ring: () => {
        for (const page of pages()) if (page !== self()) for (const listener of page.ring) queueMicrotask(listener);
      },
      onRing: (listener) => {
        const page = self();
        const set = page?.ring ?? listeners;
        set.add(listener);
        return () => set.delete(listener);
      },
    };
  }
}

/** A terminal on the wall of a cell with everything that can happen to it. */
export class WallTerminal {
  readonly installed: Installed;
  readonly disk: Disk;
  readonly link: Link;
  readonly #world: World;
  readonly #chance: Chance;
  readonly #note: Note;
  readonly #hints = new Set<() => void>();
  readonly #answered = new Map<string, string>();
  readonly #made = new Map<string, { seq: number; generation: string }>();
  #images: DiskContent[] = [];
  #pages: Page[] = [];
  #wallOffset = 0;
  #boot = 0;
  /** Counts what this terminal learnt: a reading tells of the time at which it began. */
  #learnt = 0;
  /** Batches as they left, by command id: what a repeated request would bring. */
  readonly sent = new Map<string, unknown>();
  /** The header of the last session. */
  token: string | null = null;
  /** How often two batches were under way together. */
  crowded = 0;

  constructor(world: World, servers: Servers, installed: Installed, note: Note) {
    this.installed = installed;
    this.#world = world;
    this.#chance = world.chance.fork(`terminal ${installed.cell}`);
    this.#note = note;
    this.disk = new Disk(installed.disk);
    this.link = new Link(world, servers, this.#chance.fork('link'), {
      sent: (body, headers) => {
        this.token = headers['authorization'] ?? null;
        for (const command of (JSON.parse(body) as { commands: { id: string }[] }).commands) this.sent.set(command.id, command);
      },
      crowded: () => {
        this.crowded += 1;
      },
    });
    this.#images.push(this.disk.image());
  }

  get isOn(): boolean {
    return this.#pages.length > 0;
  }

  get name(): string {
    return this.installed.cell;
  }

  /** What waits for an answer; null while the terminal is off. */
  get queued(): number | null {
    return this.#pages[0]?.terminal.outbox.summary.get().queued ?? null;
  }

  get home(): TerminalHome | null {
    return this.#pages[0]?.terminal.home.get()?.view ?? null;
  }

  async start(): Promise<void> {
    this.#boot += 1;
    await this.#open();
    if (this.#world.faults.has('two-pages')) await this.#open();
  }

  async #open(): Promise<void> {
    // The ports ask for the page that is made with them.
    const made: { page?: Page } = {};
    const isOn = () => made.page?.on ?? true;
    const ports = this.#ports(isOn, () => made.page);
    const terminal = await Terminal.open(ports, OPTIONS);
    made.page = { terminal, on: true, ring: new Set() };
    this.#pages.push(made.page);
    terminal.outbox.summary.subscribe(() => this.#look(terminal.outbox.summary.get().items));
    terminal.home.subscribe(() => this.onHome?.());
    terminal.start();
  }

  /** Told when the idle screen's view changed. */
  onHome: (() => void) | null = null;

  readonly #lock = { boot: -1, lock: new SharedLock() };

  #sharedLock(): SharedLock {
    if (this.#lock.boot !== this.#boot) Object.assign(this.#lock, { boot: this.#boot, lock: new SharedLock() });
    return this.#lock.lock;
  }

  #ports(isOn: () => boolean, self: () => Page | undefined): Ports {
    const { time, work } = this.#world;
    const bootedAt = time.now();
    const open = (on: { hint(): void; up(): void }) => {
      this.#hints.add(on.hint);
      on.up();
      return () => this.#hints.delete(on.hint);
    };
    return {
      clock: { now: () => time.now() + this.#wallOffset, monotonic: () => time.now() - bootedAt },
      random: this.#chance.fork(`boot ${this.#boot} ${this.#pages.length}`).random(),
      net: this.link.net(isOn),
      timers: { after: (ms, task) => time.after(ms, () => isOn() && task()) },
      store: this.disk.store(isOn),
      witness: this.disk.witness(isOn),
      keys: {
        create: () => work.track('key', fileKeys.create()),
        sign: (kept, text) => work.track('signature', fileKeys.sign(kept, text)),
        sha256: fileKeys.sha256,
      },
      seal: (content, key, id) => work.track('seal', seal(content, key, id)),
      leader: this.#sharedLock().leader(() => this.#pages, self),
      hints: { open: (_token, on) => open(on) },
      storageHealth: () => Promise.resolve({ persisted: true, freeBytes: 1e9 }),
    };
  }

  /** The server rang; the hint comes a moment later, or not at all. */
  hint(afterMs = HINT_MS): void {
    this.#world.time.after(afterMs, () => {
      for (const hint of this.#hints) hint();
    });
  }

  /** Power off: whatever runs there reaches neither disk nor line any more. */
  stop(): void {
    for (const page of this.#pages) {
      page.terminal.stop();
      page.on = false;
    }
    this.#pages = [];
    this.#hints.clear();
  }

  jumpClock(ms: number): void {
    this.#wallOffset += ms;
  }

  /** Keeps an image of the disk that a later rollback may bring back. */
  keepImage(): void {
    this.#images.push(this.disk.image());
  }

  /** While the power is off: the disk is as it was some time ago. The history is told which numbers are gone with it. */
  rollBack(): void {
    const { generation, seq } = counterOf(this.disk.image());
    const image = this.#chance.one(this.#images as [DiskContent, ...DiskContent[]]);
    const before = counterOf(image);
    const kept = before.generation === generation ? before.seq : 0;
    const lost = [...this.#made].filter(([id, made]) => made.generation === generation && made.seq > kept && made.seq <= seq && !this.#answered.has(id));
    this.disk.restore(image);
    this.#images = [image];
    this.#note({ at: this.#world.time.now(), terminal: this.name, type: 'wiped', generation, lost: lost.map(([, made]) => made.seq) });
  }

  /** Saves an act as a screen would. @returns its id; null when the terminal is off or could not save it. */
  async act(kind: string, body: Record<string, unknown>, who: { person: string; slot: string }, proof?: Proof): Promise<string | null> {
    const page = this.#pages[this.#chance.between(0, Math.max(0, this.#pages.length - 1))];
    if (!page) return null;
    const { time, work, keys } = this.#world;
    const { terminal } = page;
    const draft = terminal.draft(kind, body);
    const sampled = !terminal.clock.guessed();
    const acted = await work.track(`act ${kind}`, terminal.act(draft, proof));
    if (!acted.ok) return null;
    const { seq } = acted.value.saved;
    const { generation } = terminal.outbox.summary.get();
    const digest = keys.mac('fingerprint', ['device', this.installed.deviceId, kind, draft.version, stableJson(body)].join('\n')).toString('base64');
    this.#made.set(draft.id, { seq, generation });
    this.#note({ at: time.now(), terminal: this.name, type: 'saved', id: draft.id, kind, seq, generation, digest, sampled, ...who });
    this.#look(terminal.outbox.summary.get().items);
    // Something else in the cell may change at the same moment.
    if (this.#world.faults.has('slow-commit')) this.hint(1);
    return draft.id;
  }

  #look(items: readonly ItemView[]): void {
    for (const { id, state, code } of items) {
      if (state === 'saved' || state === 'sent' || !this.#made.has(id) || this.#answered.get(id) === state) continue;
      this.#answered.set(id, state);
      this.#learnt += 1;
      this.#note({ at: this.#world.time.now(), terminal: this.name, type: 'answered', id, outcome: state, ...(code !== null && { code }) });
      this.hint();
      this.onAnswer?.(id, state);
    }
  }

  /** Told of each answer. */
  onAnswer: ((id: string, outcome: string) => void) | null = null;

  /** Reads the cell's own view. The history is told who has signed there, unless the terminal learnt something else while it waited. */
  async readHome(slot: string): Promise<TerminalHome | null> {
    const begun = this.#learnt;
    const answer = await this.#pages[0]?.terminal.get(HOME);
    if (answer?.status !== 200 || typeof answer.json !== 'object' || answer.json === null || !('slots' in answer.json)) return null;
    const home = answer.json as TerminalHome;
    const view = home.slots.find((one) => one.slot === slot);
    if (view && begun === this.#learnt) {
      this.#learnt += 1;
      const beds = new Set(view.seats.filter(({ signedAt }) => signedAt !== null).map(({ bed }) => bed));
      const people = this.installed.slots.find((one) => one.slot === slot)?.people ?? [];
      const seen = people.filter(({ bed }) => beds.has(bed)).map(({ person }) => person);
      this.#note({ at: this.#world.time.now(), terminal: this.name, type: 'read', slot: `${this.name} ${slot}`, seen, asOf: Date.parse(home.asOf) });
    }
    return home;
  }
}

function counterOf(image: DiskContent): { generation: string; seq: number } {
  return image.find(([table, key]) => table === 'meta' && key === 'counter')?.[2] as { generation: string; seq: number };
}
