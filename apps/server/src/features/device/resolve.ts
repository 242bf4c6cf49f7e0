import type { Clock, Id } from '@sallyport/basics';
import { cellOfPlace, publicJwk } from '@sallyport/contracts';
import type { DeviceActor, KnownDevice, ResolveDevice } from '../../platform/commands/index.js';
import type { Keys } from '../../platform/crypto/index.js';
import type { Db } from '../../platform/db/index.js';
import { createDeviceReader, type DeviceRow } from './reader.js';
import { claimOf } from './tokens.js';

/** A device is read again after this long. What must not be late (a revocation) the door checks inside its transaction. */
const CACHE_MS = 2_000;
/** More than the largest site has. */
const CACHE_LIMIT = 20_000;

interface Cached {
  readonly device: KnownDevice;
  readonly readAt: number;
}

export interface ResolveOptions {
  readonly db: Db;
  readonly clock: Clock;
  readonly keys: Keys;
}

function knownDevice(row: DeviceRow): KnownDevice {
  const { id } = row;
  const actor: DeviceActor = { kind: 'device', id, place: row.place, cell: cellOfPlace(row.place), state: row.state as DeviceActor['state'] };
  const key = publicJwk.safeParse(row.public_key);
  return { actor, publicKey: key.success ? key.data : null };
}

/** @throws Error when the reading takes longer than this. */
async function within<Value>(patienceMs: number | undefined, reading: Promise<Value>): Promise<Value> {
  if (patienceMs === undefined) return reading;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the database did not answer in time')), patienceMs);
  });
  return Promise.race([reading, late]).finally(() => clearTimeout(timer));
}

/**
 * Tells which device sent a request, by the token of its session. While the database cannot be asked, or not in time, a device is known by its
 * token alone and its session counts as ended: an emergency call is taken, everything else waits.
 */
export function createResolveDevice(options: ResolveOptions): ResolveDevice {
  const { clock, keys } = options;
  const read = createDeviceReader(options.db);
  const cache = new Map<Id, Cached>();
  return async ({ headers }, fresh = false, patienceMs) => {
    const claim = claimOf(keys, headers.authorization);
    if (!claim) return null;
    const cached = cache.get(claim.device);
    // A token of the place before is over: only with a new session does a moved terminal learn where it stands.
    const current = ({ actor }: KnownDevice) => claim.expiresAt > clock.now() && actor.place === claim.place;
    if (cached && !fresh && clock.monotonic() - cached.readAt < CACHE_MS) return { device: cached.device, current: current(cached.device) };
    try {
      const row = await within(patienceMs, read(claim.device));
      if (!row) return null;
      const device = knownDevice(row);
      if (cache.size >= CACHE_LIMIT) cache.clear();
      cache.set(claim.device, { device, readAt: clock.monotonic() });
      return { device, current: current(device) };
    } catch {
      const actor: DeviceActor = { kind: 'device', id: claim.device, place: claim.place, cell: cellOfPlace(claim.place), state: 'active' };
      return { device: cached?.device ?? { actor, publicKey: null }, current: false };
    }
  };
}
