import type { Instant } from '@sallyport/basics';
import { assert } from '@sallyport/basics';
import { createOpener, type OpenAside } from '../crypto/index.js';
import type { Arrival, Settled } from './arrival.js';
import { failureKind } from '../db/failures.js';
import { type Definitions, type IntakeContext, type KnownDevice, type Openers, readOpen, readSealed } from './intake.js';
import type { CommandKind, OfficerActor } from './kind.js';
import { Lanes } from './lanes.js';
import { type SettleContext, settle, type Waiting } from './settle.js';

/** The server cannot take the commands now; nothing was done. */
export class BusyError extends Error {
  override readonly name = 'BusyError';

  constructor(
    readonly reason: 'overloaded' | 'unavailable' | 'stopping',
    /** Seconds until it is worth coming again. */
    readonly retryAfter: number,
    options?: ErrorOptions,
  ) {
    super(`commands not taken: ${reason}`, options);
  }
}

export interface DoorOptions extends SettleContext {
  readonly kinds: readonly CommandKind[];
  /** Transactions side by side; default 2: while the database does one, the other is judged. More would only make them smaller. */
  readonly lanes?: number;
  /** Commands that may wait before the door answers 503; default 2,000, some seconds of work. */
  readonly queueLimit?: number;
  /** Opens commands elsewhere than in this thread; left out: on the spot, as a request with a call in it always is. */
  readonly openAside?: OpenAside;
  /** Told how many commands begin a transaction together. */
  readonly onBatch?: (size: number) => void;
}

/** What a device's request brings beside its commands. */
export interface DeviceRequest {
  readonly expectedKind?: string | undefined;
  /** What was spent before the door, of the second within which a call is recorded or shown as "not recorded". */
  readonly spentMs?: number;
}

export interface CommandDoor {
  readonly definitions: Definitions;
  /** Answers in the order of the commands. @throws BusyError */
  fromOfficer(officer: OfficerActor, commands: readonly unknown[], expectedKind?: string): Promise<Settled[]>;
  fromDevice(device: KnownDevice, commands: readonly unknown[], request?: DeviceRequest): Promise<Settled[]>;
  /** Commands that wait for a transaction. */
  waiting(): number;
  /** Takes nothing more and resolves when all that was taken is answered. */
  stop(): Promise<void>;
}

const DEFAULT_LANES = 2;
const DEFAULT_QUEUE_LIMIT = 2_000;
/** Calls are never turned away for load; so many at once are no people. */
const CALL_LIMIT = 2_000;
const EXPRESS_LANES = 2;
/** Calls and their withdrawal share the express lanes, so that they keep their order. */
const EXPRESS_KINDS = new Set(['alert.call', 'alert.withdraw']);
/** After this long without a commit the consoles show the call as "not recorded" (HARD). */
const UNRECORDED_AFTER_MS = 1_000;
const RETRY_OVERLOADED_SECONDS = 2;
const RETRY_UNAVAILABLE_SECONDS = 3;

function announcement(arrival: Arrival) {
  const { sender, id, times } = arrival;
  const device = sender.kind === 'device' ? sender : null;
  return { id, place: device?.place ?? null, cell: device?.cell ?? null, at: new Date(times.receivedAt).toISOString() };
}

/** Calls and their withdrawal are opened on the spot, so that they wait for nothing and keep their order. */
function isExpress(raw: unknown): boolean {
  return typeof raw === 'object' && raw !== null && 'kind' in raw && EXPRESS_KINDS.has(raw.kind as string);
}

/** Opens devices' commands, aside where that is given, and counts those under way. */
class Opening {
  readonly #here: Openers;
  readonly #aside: Openers;
  waiting = 0;

  constructor({ keys, openAside }: Pick<DoorOptions, 'keys' | 'openAside'>) {
    this.#here = createOpener(keys);
    this.#aside = openAside ? { verify: this.#here.verify, open: openAside } : this.#here;
  }

  /** A request with a call in it waits for nobody. @throws BusyError where others may not wait. */
  async all(read: IntakeContext, device: KnownDevice, commands: readonly unknown[], mayWait: boolean): Promise<readonly Arrival[]> {
    if (commands.some(isExpress)) return Promise.all(commands.map((raw) => readSealed(read, this.#here, device, raw)));
    if (!mayWait) throw new BusyError('overloaded', RETRY_OVERLOADED_SECONDS);
    this.waiting += commands.length;
    try {
      return await Promise.all(commands.map((raw) => readSealed(read, this.#aside, device, raw)));
    } finally {
      this.waiting -= commands.length;
    }
  }
}

function definitionsOf(kinds: readonly CommandKind[]): Definitions {
  const definitions = new Map(kinds.map((kind) => [kind.contract.kind, kind]));
  assert(definitions.size === kinds.length, 'every command kind is registered once');
  return definitions;
}

/** Watches a call on its way: late or failed, the consoles get it all the same. */
async function watched({ realtime }: DoorOptions, arrival: Arrival, spentMs: number, settling: Promise<Settled>): Promise<Settled> {
  const announce = () => realtime.announceUnrecorded(announcement(arrival));
  const timer = setTimeout(announce, Math.max(0, UNRECORDED_AFTER_MS - spentMs));
  try {
    const settled = await settling;
    clearTimeout(timer);
    if (settled.kind === 'outcome' && settled.outcome.outcome === 'parked') announce();
    return settled;
  } catch (error) {
    clearTimeout(timer);
    announce();
    throw error;
  }
}

/** The one door for every write. */
export function createDoor(options: DoorOptions): CommandDoor {
  const definitions = definitionsOf(options.kinds);
  const run = (waiting: readonly Waiting[]) => {
    options.onBatch?.(waiting.length);
    return settle(options, waiting);
  };
  const lanes = new Lanes<Waiting>(options.lanes ?? DEFAULT_LANES, run);
  const express = new Lanes<Waiting>(EXPRESS_LANES, run);
  const queueLimit = options.queueLimit ?? DEFAULT_QUEUE_LIMIT;
  const opening = new Opening(options);
  let stopping = false;

  function enqueue(arrival: Arrival): Promise<Settled> {
    return new Promise((resolve, reject) => {
      const lane = EXPRESS_KINDS.has(arrival.kind) ? express : lanes;
      lane.push(arrival.orderKey, { arrival, resolve, reject: (error) => reject(failureKind(error) === 'fault' ? error : unavailable(error)) });
    });
  }

  async function submit(arrivals: readonly Arrival[], spentMs = 0): Promise<Settled[]> {
    if (stopping) throw new BusyError('stopping', RETRY_OVERLOADED_SECONDS);
    const ordinary = arrivals.filter((arrival) => !arrival.emergency).length;
    if ((ordinary > 0 && lanes.waiting + opening.waiting + ordinary > queueLimit) || express.waiting > CALL_LIMIT)
      throw new BusyError('overloaded', RETRY_OVERLOADED_SECONDS);
    const settled = await Promise.allSettled(
      arrivals.map((arrival) => (arrival.emergency ? watched(options, arrival, spentMs, enqueue(arrival)) : enqueue(arrival))),
    );
    return settled.map((one) => {
      if (one.status === 'rejected') throw one.reason;
      return one.value;
    });
  }

  const context = (receivedAt: Instant, expectedKind?: string) => ({
    keys: options.keys,
    definitions,
    receivedAt,
    ...(expectedKind !== undefined && { expectedKind }),
  });
  return {
    definitions,
    fromOfficer: async (officer, commands, expectedKind) => {
      const read = context(options.clock.now(), expectedKind);
      return submit(commands.map((raw) => readOpen(read, officer, raw)));
    },
    fromDevice: async (device, commands, { expectedKind, spentMs } = {}) => {
      const mayWait = lanes.waiting + opening.waiting <= queueLimit;
      return submit(await opening.all(context(options.clock.now(), expectedKind), device, commands, mayWait), spentMs);
    },
    waiting: () => lanes.waiting + express.waiting + opening.waiting,
    async stop() {
      stopping = true;
      await Promise.all([lanes.idle(), express.idle()]);
    },
  };
}

function unavailable(cause: unknown): BusyError {
  return new BusyError('unavailable', RETRY_UNAVAILABLE_SECONDS, { cause });
}
