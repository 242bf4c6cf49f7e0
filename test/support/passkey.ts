import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/*
 * A passkey in software: WebAuthn registrations and assertions as a browser hands them over, made without a browser.
 * ES256, attestation "none". What it signs is right; tests change single members to see the server refuse.
 */

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const BACKUP_ELIGIBLE = 0x08;
const ATTESTED = 0x40;

export interface PasskeyOptions {
  readonly origin: string;
  readonly rpId: string;
  /** Whether the device asks for a PIN or a finger; default yes. */
  readonly verifiesUser?: boolean;
  /** Whether the key may be copied to other devices; default no. */
  readonly backupEligible?: boolean;
}

type Cbor = number | string | Buffer | ReadonlyMap<number | string, Cbor>;

function head(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length]);
  if (length < 256) return Buffer.from([(major << 5) | 24, length]);
  return Buffer.from([(major << 5) | 25, length >> 8, length & 0xff]);
}

/** The few CBOR forms that WebAuthn needs (RFC 8949): integers, texts, bytes, maps. */
function cbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  const map = value as ReadonlyMap<number | string, Cbor>;
  return Buffer.concat([head(5, map.size), ...[...map].flatMap(([key, member]) => [cbor(key), cbor(member)])]);
}

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest();

/** One key on one authenticator. */
export class VirtualPasskey {
  readonly credentialId = randomBytes(32);
  private readonly privateKey: KeyObject;
  private readonly publicKey: KeyObject;
  private counter = 0;
  private userHandle: string | undefined;

  constructor(private readonly options: PasskeyOptions) {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.privateKey = pair.privateKey;
    this.publicKey = pair.publicKey;
  }

  get id(): string {
    return this.credentialId.toString('base64url');
  }

  private clientData(type: 'webauthn.create' | 'webauthn.get', challenge: string): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.options.origin, crossOrigin: false }));
  }

  private authenticatorData(attested: boolean): Buffer {
    const { rpId, verifiesUser = true, backupEligible = false } = this.options;
    const flags = USER_PRESENT | (verifiesUser ? USER_VERIFIED : 0) | (backupEligible ? BACKUP_ELIGIBLE : 0) | (attested ? ATTESTED : 0);
    this.counter += 1;
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    const start = Buffer.concat([sha256(rpId), Buffer.from([flags]), counter]);
    if (!attested) return start;
    const { x = '', y = '' } = this.publicKey.export({ format: 'jwk' });
    const key = new Map<number, Cbor>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ]);
    const length = Buffer.from([0, this.credentialId.length]);
    return Buffer.concat([start, Buffer.alloc(16), length, this.credentialId, cbor(key)]);
  }

  /** What `startRegistration` gives for these options. */
  register(options: { readonly challenge: string; readonly user?: { readonly id: string } }) {
    this.userHandle = options.user?.id;
    const attestation = new Map<string, Cbor>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', this.authenticatorData(true)],
    ]);
    return {
      id: this.id,
      rawId: this.id,
      type: 'public-key' as const,
      clientExtensionResults: {},
      response: {
        clientDataJSON: this.clientData('webauthn.create', options.challenge).toString('base64url'),
        attestationObject: cbor(attestation).toString('base64url'),
        transports: ['usb'],
      },
    };
  }

  /** What `startAuthentication` gives for this challenge. */
  assert(options: { readonly challenge: string }) {
    const clientData = this.clientData('webauthn.get', options.challenge);
    const data = this.authenticatorData(false);
    const signature = sign('sha256', Buffer.concat([data, sha256(clientData)]), this.privateKey);
    return {
      id: this.id,
      rawId: this.id,
      type: 'public-key' as const,
      clientExtensionResults: {},
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: signature.toString('base64url'),
        ...(this.userHandle !== undefined && { userHandle: this.userHandle }),
      },
    };
  }
}
