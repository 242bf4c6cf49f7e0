import { z } from 'zod';
import { defineCommand } from './command.js';
import { id, instantText, place, programText, reason } from './primitives.js';
import { defineQuery } from './query.js';

const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/);
/** P-256 public key as JWK without private members. */
export const publicJwk = z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: base64url.length(43), y: base64url.length(43) });
export type PublicJwk = z.infer<typeof publicJwk>;

/** One-time code of an enrolment: 8 characters without look-alikes, in two groups, e.g. K7MT-3QXZ. */
export const enrolmentCode = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[2-9A-HJKMNP-Z]{4}-?[2-9A-HJKMNP-Z]{4}$/, 'must be eight letters or digits, as shown on the console');

// ---- HTTP, not commands: a device has no identity yet, or proves the one it has ----
export const enrolPath = '/api/device/enrol';
export const enrolRequest = z.strictObject({
  code: enrolmentCode,
  publicKey: publicJwk,
  profile: z.strictObject({ build: programText(40), screen: programText(40), userAgent: programText(300) }),
});
/** `checkValue`: `checkDigits` of the SHA-256 of `checkText`; the officer compares them before the device becomes active. */
export const enrolResponse = z.object({
  deviceId: id,
  place,
  checkValue: z.string().regex(/^\d{6}$/),
  sealKey: z.object({ kid: z.string(), jwk: publicJwk }),
  siteName: z.string(),
  state: z.enum(['waiting', 'active', 'refused']),
});
export type EnrolResponse = z.infer<typeof enrolResponse>;
export const challengePath = '/api/device/challenge';
export const challengeRequest = z.strictObject({ deviceId: id });
export const challengeResponse = z.object({ nonce: z.string() });
export const sessionPath = '/api/device/session';
/** `signature`: base64url ES256 (P1363) over `sessionText`. */
export const sessionRequest = z.strictObject({ deviceId: id, nonce: z.string().max(400), signature: base64url.max(200) });
export const sessionResponse = z.object({
  token: z.string(),
  expiresAt: instantText,
  serverTime: instantText,
  place,
  state: z.enum(['waiting', 'active']),
  sealKey: z.object({ kid: z.string(), jwk: publicJwk }),
  /** Highest sequence of this generation that the server has answered; null for a new generation. */
  acknowledgedSeq: z.int().nullable(),
});
export type DeviceSession = z.infer<typeof sessionResponse>;
export const heartbeatPath = '/api/device/heartbeat';
/** No outbox holds nearly as many; beyond it a number is no count. */
const MOST_COUNTED = 1_000_000;
/** Three hundred years in milliseconds: a clock that stands at its first day is wrong by less. */
const LONGEST_SPAN_MS = 1e13;
/** Ten petabytes: no wall panel has as much. */
const MOST_BYTES = 1e16;

/** Sent every 20 s with the device's session. */
export const heartbeat = z.strictObject({
  build: programText(40),
  generation: id,
  bootId: id,
  lastSeq: z.int().min(0),
  queued: z.int().min(0).max(MOST_COUNTED),
  oldestQueuedAt: instantText.nullable(),
  parked: z.int().min(0).max(MOST_COUNTED),
  clockOffsetMs: z.number().min(-LONGEST_SPAN_MS).max(LONGEST_SPAN_MS),
  freeBytes: z.number().min(0).max(MOST_BYTES).nullable(),
  persisted: z.boolean(),
  monotonicMs: z.number().nonnegative().max(LONGEST_SPAN_MS),
  /** Numbers `afterSeq` + 1 to `lastSeq` that were given and are gone with the store; told until heard. */
  lost: z
    .array(z.strictObject({ generation: id, afterSeq: z.int().min(0), lastSeq: z.int().min(1) }))
    .max(10)
    .optional(),
});
export type Heartbeat = z.infer<typeof heartbeat>;
export const heartbeatResponse = z.object({ serverTime: instantText, cursor: z.string(), latestBuild: z.string().nullable() });
/** Public time and build, for clock samples before a session exists. */
export const timePath = '/api/time';
export const timeResponse = z.object({ serverTime: instantText });

// ---- officers ----
export const enrolmentCreate = defineCommand({
  kind: 'device.create-enrolment',
  summary: 'Makes a one-time code for a device at a place',
  maker: 'officer',
  /** `replaces` ends the named device when the new one is confirmed. */
  body: z.strictObject({ place, replaces: id.optional() }),
  result: z.object({ enrolment: id, code: z.string(), expiresAt: instantText, url: z.string() }),
});
export const deviceMove = defineCommand({
  kind: 'device.move',
  summary: 'Binds a device to another place',
  maker: 'officer',
  body: z.strictObject({ device: id, place, reason }),
});
export const deviceRevoke = defineCommand({
  kind: 'device.revoke',
  summary: 'Ends a device: its session and its commands are refused from now on',
  maker: 'officer',
  body: z.strictObject({ device: id, reason }),
});
export const deviceView = z.object({
  id,
  place,
  state: z.enum(['waiting', 'active', 'revoked', 'refused']),
  enrolledAt: instantText,
  confirmedBy: z.string().nullable(),
  checkValue: z.string().nullable(),
  keyThumbprint: z.string(),
  online: z.enum(['online', 'silent', 'lost', 'never']),
  lastSeenAt: instantText.nullable(),
  build: z.string().nullable(),
  clockOffsetMs: z.number().nullable(),
  queued: z.int().nullable(),
  oldestQueuedAt: instantText.nullable(),
  freeBytes: z.number().nullable(),
  persisted: z.boolean().nullable(),
  gaps: z.array(z.object({ generation: id, fromSeq: z.int(), toSeq: z.int(), noticedAt: instantText, filled: z.boolean() })),
  workItem: id.nullable(),
});
export type DeviceView = z.infer<typeof deviceView>;
/** The content of a work item of a gap: the numbers of the commands that a device made and the server has not. */
export const gapFinding = z.object({
  alert: id,
  device: id,
  raisedAt: instantText,
  gaps: deviceView.shape.gaps,
});
export type GapFinding = z.infer<typeof gapFinding>;
export const deviceList = defineQuery({
  path: '/api/devices',
  audience: 'console',
  summary: 'Devices and their health',
  response: z.object({
    asOf: instantText,
    devices: z.array(deviceView),
    enrolments: z.array(z.object({ id, place, expiresAt: instantText, triesLeft: z.int() })),
    latestBuild: z.string().nullable(),
  }),
});
