import { z } from 'zod';
import { defineCommand } from './command.js';
import { publicJwk } from './device.js';
import { readerKind } from './envelope.js';
import { instantText, pageOf, pageQuery, place, reason } from './primitives.js';
import { defineQuery } from './query.js';

/** A wall has one reader of each kind and room for one that replaces it; more would only widen who can vouch there. */
export const READERS_PER_PLACE = 4;

/** RFC 7638 thumbprint (base64url) of the reader's public key: `bridgeId` of its proofs. The reader shows it, the officer compares it. */
export const readerId = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be the thumbprint that the reader shows');
export const readerName = z.string().trim().min(1).max(60);

export const readerRegister = defineCommand({
  kind: 'reader.register',
  summary: 'Registers a reader (fingerprint, face, wristband) that vouches for people at a place, by its public key',
  maker: 'officer',
  body: z.strictObject({ place, name: readerName, reader: readerKind, publicKey: publicJwk }),
  result: z.object({ reader: readerId }),
});
export const readerRename = defineCommand({
  kind: 'reader.rename',
  summary: 'Gives a reader another name',
  maker: 'officer',
  body: z.strictObject({ reader: readerId, name: readerName, seenVersion: z.int() }),
  result: z.object({ version: z.int() }),
});
/** For good: the key is never taken again. A reader that was moved or mended makes a new key and is registered anew. */
export const readerRevoke = defineCommand({
  kind: 'reader.revoke',
  summary: 'Ends a reader: it proves nothing from now on',
  maker: 'officer',
  body: z.strictObject({ reader: readerId, reason }),
});

export const readerView = z.object({
  id: readerId,
  place,
  name: z.string(),
  reader: readerKind,
  registeredAt: instantText,
  registeredBy: z.string().nullable(),
  revokedAt: instantText.nullable(),
  revokedBy: z.string().nullable(),
  version: z.int(),
});
export type ReaderView = z.infer<typeof readerView>;
export const readerList = defineQuery({
  path: '/api/readers',
  audience: 'console',
  summary: 'Readers beside terminals within the officer’s blocks, by place; ended ones only when asked for',
  search: z.object({ place: place.optional(), ended: z.enum(['yes', 'no']).optional(), ...pageQuery }),
  response: pageOf(readerView),
});
/** What a terminal may offer beside PIN and passkey. Changes are hinted under the topic `device`. */
export const terminalReaders = defineQuery({
  path: '/api/terminal/readers',
  audience: 'cell',
  summary: 'Readers that vouch for people at this terminal',
  response: z.object({ readers: z.array(z.object({ id: readerId, name: z.string(), reader: readerKind })).max(READERS_PER_PLACE) }),
});
