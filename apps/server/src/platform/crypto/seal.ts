import { publicJwk } from '@sallyport/contracts';
import { z } from 'zod';
import type { SealOpener } from './provider.js';

/** Strict: a header with anything more, such as compression, is refused. */
const header = z.strictObject({ alg: z.literal('ECDH-ES'), enc: z.literal('A256GCM'), kid: z.string().max(64), cid: z.string().max(64), epk: publicJwk });

export type Unsealed = { readonly ok: true; readonly content: unknown } | { readonly ok: false; readonly why: 'broken' | 'unknown-key' };
const BROKEN: Unsealed = { ok: false, why: 'broken' };

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Opens a compact JWE (RFC 7516) that was sealed to one of `openers` for the command `commandId`.
 * A seal made for another command is broken: a sealed PIN serves one act only.
 */
export function unseal(sealed: string, commandId: string, openers: ReadonlyMap<string, SealOpener>): Unsealed {
  const [head, wrapped, iv, ciphertext, tag, ...more] = sealed.split('.');
  if (!head || wrapped !== '' || !iv || ciphertext === undefined || !tag || more.length > 0) return BROKEN;
  const parsed = header.safeParse(parseJson(Buffer.from(head, 'base64url')));
  if (!parsed.success || parsed.data.cid !== commandId) return BROKEN;
  const open = openers.get(parsed.data.kid);
  if (!open) return { ok: false, why: 'unknown-key' };
  const parts = { iv: Buffer.from(iv, 'base64url'), ciphertext: Buffer.from(ciphertext, 'base64url'), tag: Buffer.from(tag, 'base64url') };
  const bytes = open({ ephemeral: parsed.data.epk, header: head, ...parts });
  const content = bytes && parseJson(bytes);
  return content === null || content === undefined ? BROKEN : { ok: true, content };
}
