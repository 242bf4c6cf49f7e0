import type { PublicJwk } from './device.js';
import type { DeviceEnvelope } from './envelope.js';

/*
 * The texts that are signed or hashed on both sides of the wire. No schema library here: the terminal's first page loads this file.
 */

/** The text a device signs: every member of the envelope but the signature, one a line. */
export function signedText(command: Omit<DeviceEnvelope, 'signature'>): string {
  const { clock } = command;
  return [
    'sallyport-command/1',
    command.id,
    command.kind,
    command.version,
    command.madeAt,
    command.seq,
    command.generation,
    clock.bootId,
    clock.monotonicMs,
    clock.sample?.serverAt ?? '',
    clock.sample?.monotonicMs ?? '',
    command.sealed,
  ].join('\n');
}

/** The text whose SHA-256 a passkey or a bridge signs: the act itself, so that a proof given for one act serves no other. `body` is `stableJson`. */
export function actText(command: { id: string; kind: string; madeAt: string }, body: string): string {
  return ['sallyport-act/1', command.id, command.kind, command.madeAt, body].join('\n');
}

/**
 * The text a reader signs (ES256 over its UTF-8, P1363): the server's nonce, what it is, the person it recognised (`stableJson` of the
 * proof's `person`) and the act it vouches for (base64url SHA-256 of `actText`).
 */
export function bridgeText({ nonce, reader, person, actHash }: { nonce: string; reader: string; person: string; actHash: string }): string {
  return ['sallyport-bridge/1', nonce, reader, person, actHash].join('\n');
}

/** What a device signs to open a session: the server's challenge, bound to the device. */
export function sessionText(deviceId: string, nonce: string): string {
  return ['sallyport-session/1', deviceId, nonce].join('\n');
}

/** The text behind the check value of an enrolment: both keys and the device they belong to, so that a key swapped on the way shows. */
export function checkText(deviceId: string, deviceKey: PublicJwk, sealKey: PublicJwk): string {
  return ['sallyport-check/1', deviceId, deviceKey.x, deviceKey.y, sealKey.x, sealKey.y].join('\n');
}

/** The six digits a person compares: the first 32 bits of the SHA-256 of `checkText`, modulo a million. */
export function checkDigits(sha256: Uint8Array): string {
  const first = new DataView(sha256.buffer, sha256.byteOffset, 4).getUint32(0);
  return String(first % 1_000_000).padStart(6, '0');
}
