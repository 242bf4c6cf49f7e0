import { z } from 'zod';
import { defineCommand } from './command.js';
import { id, instantText, personName, reason } from './primitives.js';
import { defineQuery } from './query.js';
import { post, role } from './roles.js';

// ---- sign-in: HTTP, because there is no session yet ----
/** Redeems a one-time link: first administrator, new officer, recovery. In demo mode it signs in at once; otherwise it leads to passkey registration. */
export const linkPath = '/api/access/link';
export const linkRequest = z.strictObject({ token: z.string().min(16).max(200) });
export const linkResponse = z.object({ officer: z.object({ id, name: z.string() }), next: z.enum(['register-passkey', 'signed-in']) });
export const registrationOptionsPath = '/api/access/passkey/registration-options';
export const registrationPath = '/api/access/passkey/registration';
export const signInOptionsPath = '/api/access/passkey/sign-in-options';
export const signInPath = '/api/access/passkey/sign-in';
/** The WebAuthn JSON forms are checked in full by the library on the server; here only their size is. */
export const webauthnJson = z.record(z.string().max(64), z.unknown());
export const passkeyAnswer = z.strictObject({ ceremony: id, response: webauthnJson });
export const ceremonyOptions = z.object({ ceremony: id, options: z.record(z.string(), z.unknown()) });
/** Fresh proof before a sensitive act; valid for `policy.session.stepUpMinutes`. */
export const stepUpOptionsPath = '/api/access/step-up-options';
export const stepUpPath = '/api/access/step-up';
export const signOutPath = '/api/access/sign-out';
export const lockPath = '/api/access/lock';
/** Sent by a console at most every 20 s while somebody works on it without sending commands: keeps the session from locking. */
export const touchPath = '/api/access/touch';

export const me = z.object({
  id,
  name: z.string(),
  posts: z.array(post),
  permissions: z.array(z.string()),
  sessionEndsAt: instantText,
  idleLockSeconds: z.int(),
  locked: z.boolean(),
  steppedUpUntil: instantText.nullable(),
  passkeys: z.int(),
  demo: z.boolean(),
  siteName: z.string(),
  timeZone: z.string(),
  serverTime: instantText,
  cursor: z.string(),
});
export type Me = z.infer<typeof me>;
export const meQuery = defineQuery({ path: '/api/me', audience: 'console', summary: 'Who is signed in and what they may do', response: me });

const officerBody = {
  name: personName,
  staffNo: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9-]{3,20}$/, 'must be 3 to 20 letters or digits'),
};
export const officerCreate = defineCommand({
  kind: 'access.create-officer',
  summary: 'Makes an officer with posts and a one-time sign-in link',
  maker: 'officer',
  body: z.strictObject({ ...officerBody, posts: z.array(post).min(1).max(6), reason }),
  result: z.object({ officer: id, signInUrl: z.string(), expiresAt: instantText }),
});
export const officerPosts = defineCommand({
  kind: 'access.set-posts',
  summary: 'Changes the posts of an officer; open sessions feel it at once',
  maker: 'officer',
  body: z.strictObject({ officer: id, posts: z.array(post).max(6), reason, seenVersion: z.int() }),
  result: z.object({ version: z.int() }),
});
export const officerDisable = defineCommand({
  kind: 'access.disable',
  summary: 'Ends an officer’s access and sessions',
  maker: 'officer',
  body: z.strictObject({ officer: id, reason }),
});
export const officerRecover = defineCommand({
  kind: 'access.recover',
  summary: 'A new one-time link for an officer who lost the passkey; old passkeys end',
  maker: 'officer',
  body: z.strictObject({ officer: id, reason }),
  result: z.object({ signInUrl: z.string(), expiresAt: instantText }),
});
export const officerView = z.object({
  id,
  name: z.string(),
  staffNo: z.string(),
  posts: z.array(post),
  state: z.enum(['invited', 'active', 'locked', 'disabled']),
  passkeys: z.int(),
  lastSignInAt: instantText.nullable(),
  sessions: z.int(),
  version: z.int(),
});
export const officerList = defineQuery({
  path: '/api/officers',
  audience: 'console',
  summary: 'Officers and their posts',
  response: z.object({ officers: z.array(officerView), roles: z.array(z.object({ role, permissions: z.array(z.string()) })) }),
});
/** Officers on shift, for hand-over and presence (ux R25): names and posts only. */
export const onShift = defineQuery({
  path: '/api/officers/on-shift',
  audience: 'console',
  summary: 'Who is signed in now',
  response: z.object({ officers: z.array(z.object({ id, name: z.string(), posts: z.array(post), claims: z.int() })) }),
});
