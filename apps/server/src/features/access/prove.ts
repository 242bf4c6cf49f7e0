import type { Id } from '@sallyport/basics';
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import type { CommandScope } from '../../platform/commands/kind.js';
import { auditAccess } from './audit.js';
import { takeCeremony } from './ceremonies.js';
import { type Denied, denied } from './context.js';
import { assertPasskey, findPasskey, type RelyingParty } from './passkeys.js';
import { noteFailure, noteSignIn, type Officer, officerById } from './store.js';

const NOT_PROVED = denied(403, 'PASSKEY_NOT_VALID', 'The passkey could not be verified. Try again; a security administrator can give you a new link.');
const LOCKED = denied(423, 'SIGN_IN_LOCKED', 'Too many wrong tries. Wait, or ask a security administrator.');

export interface ProofTry {
  readonly ceremony: Id;
  readonly response: AuthenticationResponseJSON;
  readonly kind: 'sign-in' | 'step-up';
  /** The session that asks for a step-up; its officer must be the one who proves. */
  readonly session: { readonly id: Id; readonly officer: Id } | null;
  /** False past the limit of failed sign-ins: then only what concerns a known officer is recorded, which the lock bounds. */
  readonly recorded: boolean;
}

async function refuse(scope: CommandScope, attempt: ProofTry, officer: Officer | null, code: string, answer: Denied = NOT_PROVED): Promise<Denied> {
  if (officer === null && !attempt.recorded) return answer;
  await auditAccess(scope, {
    action: `access.${attempt.kind}`,
    outcome: 'refused',
    officer: officer?.id ?? null,
    session: attempt.session?.id ?? null,
    reason: code,
  });
  return answer;
}

/**
 * Who proves by this passkey, or why not. Wrong tries of a known officer are counted and lock at policy's number; a lock ends by time
 * or by a recovery. Every refusal is audited.
 */
export async function proveOfficer(scope: CommandScope, attempt: ProofTry, party: RelyingParty): Promise<Officer | Denied> {
  const ceremony = await takeCeremony(scope, attempt.kind, attempt.ceremony);
  if (!ceremony || (attempt.session && ceremony.session !== attempt.session.id)) return refuse(scope, attempt, null, 'CEREMONY_UNKNOWN');
  const passkey = await findPasskey(scope, attempt.response.id);
  const officer = passkey && (await officerById(scope.trx, passkey.officer, true));
  if (!passkey || !officer || officer.state === 'disabled') return refuse(scope, attempt, officer, 'PASSKEY_UNKNOWN');
  if (attempt.session && officer.id !== attempt.session.officer) return refuse(scope, attempt, officer, 'PASSKEY_OF_ANOTHER');
  if (officer.lockedUntil !== null && officer.lockedUntil > scope.now) {
    return refuse(scope, attempt, officer, 'SIGN_IN_LOCKED', LOCKED);
  }
  if (!(await assertPasskey(scope, passkey, attempt.response, ceremony, party))) {
    const until = await noteFailure(scope.trx, officer, scope.now, scope.policy);
    return until === null ? refuse(scope, attempt, officer, 'PASSKEY_NOT_VALID') : refuse(scope, attempt, officer, 'SIGN_IN_LOCKED', LOCKED);
  }
  await noteSignIn(scope.trx, officer.id, scope.now);
  return officer;
}
