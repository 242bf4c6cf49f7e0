import type { Clock, Random } from '@sallyport/basics';
import { lockedKeys, seal } from '../crypto.js';
import type { HintSource, Leader, Net, Ports, StorageHealth, Timers, Witness } from '../ports.js';
import { IdbStore, type StoreEvents } from '../store/idb-store.js';

const WITNESS_KEY = 'sallyport-witness';
const SYNC_LOCK = 'sallyport-syncer';
const CHANNEL = 'sallyport-outbox';

export const browserClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };
export const browserRandom: Random = { bytes: (array) => crypto.getRandomValues(array as Uint8Array<ArrayBuffer>) };

const timers: Timers = {
  after(ms, task) {
    const handle = setTimeout(task, ms);
    return () => clearTimeout(handle);
  },
};

const net: Net = async ({ method, path, headers, body, timeoutMs, signal }) => {
  const timeout = AbortSignal.timeout(timeoutMs);
  const response = await fetch(path, {
    method,
    headers,
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error',
    signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
    ...(body !== undefined && { body }),
  });
  return { status: response.status, body: await response.text(), retryAfter: response.headers.get('retry-after') };
};

/** localStorage: another database of the browser, so that a lost IndexedDB is noticed. Where it is barred nothing is remembered. */
const witness: Witness = {
  read() {
    try {
      return localStorage.getItem(WITNESS_KEY);
    } catch {
      return null;
    }
  },
  write(text) {
    try {
      localStorage.setItem(WITNESS_KEY, text);
    } catch {
      // The witness only helps to notice a loss; the store itself holds the promise.
    }
  },
};

function leader(): Leader {
  const channel = new BroadcastChannel(CHANNEL);
  return {
    lead(task) {
      const stop = new AbortController();
      navigator.locks.request(SYNC_LOCK, { signal: stop.signal }, () => task(stop.signal)).catch(() => undefined);
      return () => stop.abort();
    },
    ring: () => channel.postMessage(null),
    onRing(listener) {
      channel.addEventListener('message', listener);
      return () => channel.removeEventListener('message', listener);
    },
  };
}

/** Milliseconds until a socket that the server has refused asks again, up to twice as long so that terminals do not ask together. */
const REFUSED_PAUSE = 3_000;

/** Socket.IO, loaded only when the page has time: hints are a luxury, the cursor is the truth. */
const hints: HintSource = {
  open(token, on) {
    let close: () => void = () => undefined;
    let closed = false;
    const connect = async (): Promise<void> => {
      const { io } = await import('socket.io-client');
      if (closed) return;
      const socket = io({
        transports: ['websocket'],
        reconnectionDelay: 1_000,
        reconnectionDelayMax: 30_000,
        randomizationFactor: 0.8,
        auth: (give) => void token().then((text) => give({ device: text ?? '' })),
      });
      let again: ReturnType<typeof setTimeout> | undefined;
      const down = (): void => {
        on.down();
        clearTimeout(again);
        // Socket.IO tries again by itself after a lost line, but not after the server has refused or ended it: a terminal that waits
        // for its officer, or whose session was over, would then hear nothing until its next start.
        if (!socket.active && !closed) again = setTimeout(() => socket.connect(), REFUSED_PAUSE * (1 + Math.random()));
      };
      socket.on('connect', on.up);
      socket.on('disconnect', down);
      socket.on('connect_error', down);
      socket.on('change', on.hint);
      close = () => {
        clearTimeout(again);
        socket.close();
      };
    };
    connect().catch(() => on.down());
    return () => {
      closed = true;
      close();
    };
  },
};

async function storageHealth(): Promise<StorageHealth> {
  const persisted = (await navigator.storage.persisted()) || (await navigator.storage.persist());
  const { quota, usage } = await navigator.storage.estimate();
  return { persisted, freeBytes: quota === undefined ? null : quota - (usage ?? 0) };
}

/** All ports of a browser page. Rejects with `StoreUnavailable` when IndexedDB does not open. */
export async function browserPorts(events: StoreEvents): Promise<Ports> {
  const store = await IdbStore.open(events);
  return { clock: browserClock, random: browserRandom, net, timers, store, witness, keys: lockedKeys, seal, leader: leader(), hints, storageHealth };
}
