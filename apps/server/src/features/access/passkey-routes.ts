import {
  ceremonyOptions,
  passkeyAnswer,
  registrationOptionsPath,
  registrationPath,
  signInOptionsPath,
  signInPath,
  stepUpOptionsPath,
  stepUpPath,
} from '@sallyport/contracts';
import { generateAuthenticationOptions, generateRegistrationOptions } from '@simplewebauthn/server';
import { z } from 'zod';
import { type Http, Problem } from '../../platform/http/index.js';
import { auditAccess } from './audit.js';
import { authenticationOf, beginCeremony, registrationOf, takeCeremony } from './ceremonies.js';
import { type AccessContext, decide, denied, requireSession, startSession } from './context.js';
import { passkeysOfOfficer, registerPasskey, type RelyingParty } from './passkeys.js';
import { proveOfficer } from './prove.js';
import { endSession, refreshSession, type Session, sessionOf } from './sessions.js';
import { noteSignIn, officerById } from './store.js';

const tags = ['access'];
const config = { audience: 'console' as const };
const empty = z.strictObject({});
const done = z.object({ done: z.literal(true) });
const asked = (summary: string) => ({ summary, tags, body: empty, response: { 200: ceremonyOptions } });
const answered = (summary: string) => ({ summary, tags, body: passkeyAnswer, response: { 200: done } });

const NOT_READABLE = () => new Problem(400, 'PASSKEY_NOT_VALID', 'This is no answer of a passkey. Try again.');
const partyOf = (context: AccessContext): RelyingParty => ({ origin: context.services.config.origins.console, rpId: context.rpId });
const plain = (options: object) => ({ ...options }) as Record<string, unknown>;

/** Who may register a passkey: whoever redeemed a link, or a signed-in officer with a fresh proof. */
function mayRegister(session: Session): boolean {
  return session.stage === 'registering' || (!session.locked && session.steppedUpUntil !== null);
}

async function registeringSession(context: AccessContext, headers: Parameters<typeof requireSession>[1]): Promise<Session> {
  const session = await requireSession(context, headers);
  if (!mayRegister(session)) throw new Problem(403, 'STEP_UP_NEEDED', 'Prove again who you are before you register a passkey.');
  return session;
}

function addRegistration(http: Http, context: AccessContext): void {
  http.post(registrationOptionsPath, { config, schema: asked('Begins the registration of a passkey') }, async (request) => {
    const session = await registeringSession(context, request.headers);
    return decide(context, async (scope) => {
      const officer = await officerById(scope.trx, session.officer);
      if (!officer) return denied(401, 'NOT_SIGNED_IN', 'Sign in first.');
      const known = await passkeysOfOfficer(scope, officer.id);
      const options = await generateRegistrationOptions({
        rpName: scope.policy.site.name,
        rpID: context.rpId,
        userID: new TextEncoder().encode(officer.id),
        userName: officer.staffNo,
        userDisplayName: officer.name,
        attestationType: 'none',
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        excludeCredentials: known.map((id) => ({ id })),
      });
      const ceremony = await beginCeremony(scope, 'register', { challenge: options.challenge, officer: officer.id, session: session.id });
      return { ceremony, options: plain(options) };
    });
  });
  http.post(registrationPath, { config, schema: answered('Registers a passkey') }, async (request, reply) => {
    const session = await registeringSession(context, request.headers);
    const response = registrationOf(request.body.response);
    if (!response) throw NOT_READABLE();
    const { cookie } = await decide(context, async (scope) => {
      const ceremony = await takeCeremony(scope, 'register', request.body.ceremony);
      const officer = await officerById(scope.trx, session.officer, true);
      if (!officer || !ceremony || ceremony.session !== session.id) return denied(403, 'CEREMONY_UNKNOWN', 'This registration is too old. Begin again.');
      const result = await registerPasskey(scope, officer, response, ceremony, partyOf(context));
      const event = { action: 'access.register-passkey', officer: officer.id, session: session.id } as const;
      await auditAccess(scope, 'denied' in result ? { ...event, outcome: 'refused', reason: result.denied.code } : { ...event, outcome: 'accepted' });
      if ('denied' in result) return result;
      await noteSignIn(scope.trx, officer.id, scope.now);
      scope.hint({ topic: 'access', cell: null });
      if (session.stage === 'open') return { cookie: null };
      // The token of the link's session ends with its one step: whoever saw it has nothing.
      await endSession(scope.trx, session.id, scope.now);
      return startSession(context, scope, officer.id, 'open', true);
    });
    if (cookie) void reply.header('set-cookie', cookie);
    return { done: true as const };
  });
}

function addSignIn(http: Http, context: AccessContext): void {
  const { 'sign-in-begun': begun, 'sign-in-failed': failed } = http.limits;
  http.post(signInOptionsPath, { config: { ...config, open: true }, schema: asked('Begins a sign-in') }, async (request) => {
    const wait = await begun.count(request);
    if (wait !== null) throw begun.refusal(wait);
    return decide(context, async (scope) => {
      const options = await generateAuthenticationOptions({ rpID: context.rpId, userVerification: 'required', allowCredentials: [] });
      return { ceremony: await beginCeremony(scope, 'sign-in', { challenge: options.challenge, officer: null, session: null }), options: plain(options) };
    });
  });
  http.post(
    signInPath,
    { config: { ...config, open: true }, schema: answered('Signs in, or unlocks the session of the same officer') },
    async (request, reply) => {
      const response = authenticationOf(request.body.response);
      if (!response) throw NOT_READABLE();
      const before = await sessionOf(context.sessions, request.headers);
      const wait = await failed.spent(request);
      const signedIn = await decide(context, async (scope) => {
        const attempt = { ceremony: request.body.ceremony, response, kind: 'sign-in', session: null, recorded: wait === null } as const;
        const officer = await proveOfficer(scope, attempt, partyOf(context));
        if ('denied' in officer) {
          await failed.count(request);
          return wait === null ? officer : { wait };
        }
        if (before) await endSession(scope.trx, before.id, scope.now);
        const started = await startSession(context, scope, officer.id, 'open', true);
        await auditAccess(scope, { action: 'access.sign-in', outcome: 'accepted', officer: officer.id, session: started.session });
        scope.hint({ topic: 'access', cell: null });
        return started;
      });
      if ('wait' in signedIn) throw failed.refusal(signedIn.wait);
      void reply.header('set-cookie', signedIn.cookie);
      return { done: true as const };
    },
  );
}

function addStepUp(http: Http, context: AccessContext): void {
  http.post(stepUpOptionsPath, { config, schema: asked('Begins a fresh proof') }, async (request) => {
    const session = await requireSession(context, request.headers);
    return decide(context, async (scope) => {
      const known = await passkeysOfOfficer(scope, session.officer);
      const options = await generateAuthenticationOptions({ rpID: context.rpId, userVerification: 'required', allowCredentials: known.map((id) => ({ id })) });
      const ceremony = await beginCeremony(scope, 'step-up', { challenge: options.challenge, officer: session.officer, session: session.id });
      return { ceremony, options: plain(options) };
    });
  });
  http.post(stepUpPath, { config, schema: answered('A fresh proof: unlocks and opens sensitive acts') }, async (request) => {
    const session = await requireSession(context, request.headers);
    const response = authenticationOf(request.body.response);
    if (!response) throw NOT_READABLE();
    await decide(context, async (scope) => {
      const attempt = {
        ceremony: request.body.ceremony,
        response,
        kind: 'step-up',
        session: { id: session.id, officer: session.officer },
        recorded: true,
      } as const;
      const officer = await proveOfficer(scope, attempt, partyOf(context));
      if ('denied' in officer) return officer;
      await refreshSession(scope.trx, session.id, scope.now);
      await auditAccess(scope, { action: 'access.step-up', outcome: 'accepted', officer: officer.id, session: session.id });
      return {};
    });
    return { done: true as const };
  });
}

/** Passkeys of officers: registration, sign-in, fresh proof (decision 9b: discoverable, user verification required). */
export function addPasskeyRoutes(http: Http, context: AccessContext): void {
  addRegistration(http, context);
  addSignIn(http, context);
  addStepUp(http, context);
}
