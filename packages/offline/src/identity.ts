import { type Result, err, ok } from '@sallyport/basics';
import { type EnrolResponse, type PublicJwk, checkDigits, checkText, type enrolPath } from '@sallyport/contracts';
import { type Api, codeOf } from './api.js';
import type { DeviceKey, Ports, SealKey } from './ports.js';
import { type Watched, WatchedValue } from './watched.js';

const ENROL: typeof enrolPath = '/api/device/enrol';

/** `waiting`: an officer still compares the check value. `refused`: the officer said no, or the server does not know the device. `revoked`: ended for good. */
export type DeviceState = 'waiting' | 'active' | 'refused' | 'revoked';

export interface Identity {
  readonly deviceId: string;
  readonly place: string;
  readonly siteName: string;
  readonly checkValue: string;
  readonly state: DeviceState;
  readonly sealKey: SealKey;
  readonly publicKey: PublicJwk;
  /** What the store holds of the private key. */
  readonly kept: unknown;
}

export type EnrolFailure = 'offline' | 'code-refused' | 'too-many-tries' | 'keys-swapped' | 'server' | 'storage';

/** Who this device is. Lives in the store beside the outbox; the private key cannot be read out. */
export class IdentityKeeper {
  readonly #ports: Pick<Ports, 'store' | 'keys'>;
  readonly #identity = new WatchedValue<Identity | null>(null);

  constructor(ports: Pick<Ports, 'store' | 'keys'>) {
    this.#ports = ports;
  }

  get identity(): Watched<Identity | null> {
    return this.#identity;
  }

  async load(): Promise<void> {
    this.#identity.set(((await this.#ports.store.get('meta', 'identity')) as Identity | undefined) ?? null);
  }

  /** Stores what changed. A device without identity stays without. */
  async amend(change: Partial<Omit<Identity, 'deviceId' | 'kept' | 'publicKey'>>): Promise<void> {
    const old = this.#identity.get();
    if (old === null || Object.entries(change).every(([key, value]) => JSON.stringify(old[key as keyof Identity]) === JSON.stringify(value))) return;
    const identity = { ...old, ...change };
    await this.#ports.store.update([], () => [{ table: 'meta', key: 'identity', value: identity }]);
    this.#identity.set(identity);
  }

  /** Enrols with a one-time code. The check value is computed here too: a key swapped on the way shows as `keys-swapped`. */
  async enrol(api: Api, code: string, profile: { build: string; screen: string; userAgent: string }): Promise<Result<Identity, EnrolFailure>> {
    const { store, keys } = this.#ports;
    try {
      const key = await this.#key();
      const answer = await api.call({ method: 'POST', path: ENROL, body: { code, publicKey: key.publicKey, profile } });
      if (answer === null) return err('offline');
      if (answer.status !== 200) {
        // A key of an enrolment whose answer was lost serves that one only.
        if (codeOf(answer.json) === 'KEY_KNOWN') await store.update([], () => [{ table: 'meta', key: 'new-key' }]);
        return err(enrolFailure(answer.status, codeOf(answer.json)));
      }
      const { deviceId, place, siteName, checkValue, sealKey, state } = answer.json as EnrolResponse;
      const own = checkDigits(await keys.sha256(checkText(deviceId, key.publicKey, sealKey.jwk)));
      if (own !== checkValue) return err('keys-swapped');
      const identity: Identity = { deviceId, place, siteName, checkValue, sealKey, state, publicKey: key.publicKey, kept: key.kept };
      await store.update([], () => [
        { table: 'meta', key: 'identity', value: identity },
        { table: 'meta', key: 'new-key' },
      ]);
      this.#identity.set(identity);
      return ok(identity);
    } catch {
      return err('storage');
    }
  }

  /** The key of the running enrolment: stored before it is sent, so that a lost answer can be asked for again with the same key. */
  async #key(): Promise<DeviceKey> {
    const kept = (await this.#ports.store.get('meta', 'new-key')) as DeviceKey | undefined;
    if (kept) return kept;
    const made = await this.#ports.keys.create();
    await this.#ports.store.update([], () => [{ table: 'meta', key: 'new-key', value: made }]);
    return made;
  }
}

function enrolFailure(status: number, code: string): EnrolFailure {
  if (status === 429 || code === 'TOO_MANY_TRIES') return 'too-many-tries';
  return status >= 500 || code === 'KEY_KNOWN' ? 'server' : 'code-refused';
}
