import type { Id } from '@sallyport/basics';
import type { PublicJwk } from '@sallyport/contracts';
import type { Keys } from './keys.js';
import type { Unsealed } from './seal.js';

/** A text and the signature of a device over it. */
export interface SignedByDevice {
  readonly device: Id;
  /** As enrolled; null where the row holds no usable key: then nothing is proved. */
  readonly publicKey: PublicJwk | null;
  readonly text: string;
  readonly signature: string;
}
/** A device's command as it came: signature first, then the seal. */
export interface SealedCommand extends SignedByDevice {
  readonly commandId: string;
  readonly sealed: string;
}
/** `unsealed` is null where the signature is not that of the device: then the seal stays closed. */
export interface Opened {
  readonly proved: boolean;
  readonly unsealed: Unsealed | null;
}

/** Checks signatures and opens seals, on the spot. */
export interface Opener {
  verify(signed: SignedByDevice): boolean;
  open(command: SealedCommand): Opened;
}
/** The same elsewhere, without holding up the caller. Answers come in the order of the questions. */
export type OpenAside = (command: SealedCommand) => Promise<Opened>;

/** What the thread that opens commands says once it can. */
export const READY = 'ready';

/** More than the largest site has; the keys of a restarted server come back with the next commands. */
const KEYS_KEPT = 20_000;

/** An opener that keeps the imported key of every device: the key of an enrolment never changes, and to import it costs as much as to verify. */
export function createOpener(keys: Pick<Keys, 'provider' | 'unseal'>): Opener {
  const { provider } = keys;
  const kept = new Map<Id, { readonly x: string; readonly key: unknown }>();
  const keyOf = ({ device, publicKey }: SignedByDevice): unknown => {
    if (publicKey === null) return null;
    const known = kept.get(device);
    if (known?.x === publicKey.x) return known.key;
    const key = provider.publicKey(publicKey);
    if (kept.size >= KEYS_KEPT) kept.clear();
    kept.set(device, { x: publicKey.x, key });
    return key;
  };
  const verify = (signed: SignedByDevice): boolean => {
    const key = keyOf(signed);
    return key !== null && provider.verify(key, signed.text, signed.signature);
  };
  return {
    verify,
    open(command) {
      const proved = verify(command);
      return { proved, unsealed: proved ? keys.unseal(command.sealed, command.commandId) : null };
    },
  };
}
