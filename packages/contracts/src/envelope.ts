import { z } from 'zod';
import { id, instantText, localNo, bedNo, programText } from './primitives.js';
import { refusalCode } from './refusal.js';

/** Most commands of one batch. A terminal's worst day is 110 items; larger bodies only make retries dearer. */
export const BATCH_LIMIT = 50;
/** Most characters of a sealed payload: 4 KiB padded content and the JWE around it. */
export const SEALED_LIMIT = 12_000;

const kindText = z
  .string()
  .regex(/^[a-z][a-z-]*\.[a-z][a-z-]*$/, 'must look like noun.verb')
  .max(64);

/** Who signs an act, on the terminal. The number or the bed names the person, the rest proves it. */
export const personRef = z.union([z.strictObject({ number: localNo }), z.strictObject({ bed: bedNo })]);
export type PersonRef = z.infer<typeof personRef>;

const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/);

export const pinProof = z.strictObject({ kind: z.literal('pin'), person: personRef, pin: z.string().regex(/^\d{6}$/, 'must be six digits') });
/** WebAuthn assertion whose challenge is SHA-256 of `actText`; all members base64url. */
export const passkeyProof = z.strictObject({
  kind: z.literal('passkey'),
  person: personRef,
  credentialId: base64url.max(400),
  authenticatorData: base64url.max(2_000),
  clientDataJSON: base64url.max(4_000),
  signature: base64url.max(1_000),
});
/** What a reader beside a terminal reads. */
export const readerKind = z.enum(['fingerprint', 'face', 'wristband']);
export type ReaderKind = z.infer<typeof readerKind>;
/** A reader beside the terminal (fingerprint, face, wristband) recognised the person and signed the server's nonce and the act. */
export const bridgeProof = z.strictObject({
  kind: z.literal('bridge'),
  person: personRef,
  reader: readerKind,
  bridgeId: programText(64),
  nonce: base64url.max(200),
  signature: base64url.max(200),
});
/** How a person proves who acts. Each command kind says which it takes (decision 9c). */
export const proof = z.discriminatedUnion('kind', [pinProof, passkeyProof, bridgeProof]);
export type Proof = z.infer<typeof proof>;
export type ProofKind = Proof['kind'];

/** The device's reading of time (decision 19): never trusted, always kept. `sample` is the last server time it saw with its own monotonic reading then. */
export const deviceClock = z.strictObject({
  bootId: id,
  monotonicMs: z.number().nonnegative(),
  sample: z.strictObject({ serverAt: instantText, monotonicMs: z.number().nonnegative() }).optional(),
});

const head = { id, kind: kindText, version: z.int().min(1).max(1_000), madeAt: instantText };

/** A command of an officer or another signed-in party: open body, the session proves who. */
export const openEnvelope = z.strictObject({ ...head, body: z.record(z.string(), z.unknown()) });
/** A command of a device: sealed body, the device's sequence and its signature over `signedText`. */
export const deviceEnvelope = z.strictObject({
  ...head,
  /** 1, 2, 3 … per device and generation, so that the server can name a gap. */
  seq: z.int().min(1),
  /** Changes when the device's store was wiped or made anew. */
  generation: id,
  clock: deviceClock,
  sealed: z.string().max(SEALED_LIMIT),
  signature: base64url.max(200),
});
export const envelope = z.union([deviceEnvelope, openEnvelope]);
export type OpenEnvelope = z.infer<typeof openEnvelope>;
export type DeviceEnvelope = z.infer<typeof deviceEnvelope>;
export type Envelope = z.infer<typeof envelope>;

/** What is inside `sealed`. `pad` is filler up to a multiple of 256 bytes, so that the length tells nothing of the content. */
export const sealedContent = z.strictObject({ body: z.record(z.string(), z.unknown()), proof: proof.optional(), pad: z.string().max(300).optional() });
export type SealedContent = z.infer<typeof sealedContent>;

/** The one answer of a command id, for ever. `parked` means: kept, an administrator looks at it, do not send again. */
export const commandOutcome = z.object({
  id: z.string(),
  outcome: z.enum(['accepted', 'refused', 'parked']),
  code: refusalCode.optional(),
  /** English; screens show the catalogue's text of the code. */
  message: z.string().optional(),
  /** Facts that the text of the code mentions, e.g. who decided and when. */
  details: z.record(z.string(), z.unknown()).optional(),
  result: z.record(z.string(), z.unknown()).optional(),
});
export type CommandOutcome = z.infer<typeof commandOutcome>;

export const commandBatch = z.strictObject({ commands: z.array(z.unknown()).min(1).max(BATCH_LIMIT) });
export const batchOutcome = z.object({ outcomes: z.array(commandOutcome) });

/** Any answer that is not 2xx: a transport, access or overload problem that changed nothing. */
export const apiError = z.object({
  code: z.string(),
  message: z.string(),
  requestId: z.string().optional(),
  issues: z.array(z.object({ field: z.string(), rule: z.string() })).optional(),
});
export type ApiError = z.infer<typeof apiError>;
