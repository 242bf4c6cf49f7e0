import type { Id, Instant } from '@sallyport/basics';
import { appendAudit, auditRecord } from '../../platform/audit/index.js';
import type { CommandScope } from '../../platform/commands/kind.js';
import { endAccess } from './commands.js';
import { makeLink, signInUrl } from './links.js';
import { allOfficers, type Officer, officerById } from './store.js';
import { newToken } from './tokens.js';

/** Who sits at the server's own shell, as its operating system says, and why. */
export interface OperatorRecovery {
  readonly staffNo: string;
  readonly reason: string;
  /** User and machine, for the audit. */
  readonly operator: { readonly user: string; readonly host: string };
}

/** Security administrators who may still get in or be let in, by name. */
export async function securityAdministrators({ trx }: Pick<CommandScope, 'trx'>): Promise<Officer[]> {
  return (await allOfficers(trx)).filter(({ state, posts }) => state !== 'disabled' && posts.some(({ role }) => role === 'security-admin'));
}

async function note({ trx, now, random }: CommandScope, { staffNo, reason, operator }: OperatorRecovery, officer: Id | null): Promise<void> {
  const entry = {
    at: now,
    action: 'access.recover-by-operator',
    actor: { kind: 'system', id: 'operator' },
    outcome: officer === null ? 'refused' : 'accepted',
    subject: officer === null ? null : { kind: 'officer', id: officer },
    reason,
    detail: { staffNo, ...operator },
  } as const;
  await appendAudit(trx, [auditRecord(entry, random)]);
}

/**
 * The way back when no security administrator can recover another one: their passkeys and sessions end, and a one-time link registers a
 * new passkey. Only for a security administrator: everybody else's access is given back by one. Both outcomes are audited.
 * @returns null where nobody of that staff number holds that post.
 */
export async function recoverByOperator(
  scope: CommandScope,
  recovery: OperatorRecovery,
  consoleOrigin: string,
): Promise<{ url: string; name: string; expiresAt: Instant } | null> {
  const found = (await securityAdministrators(scope)).find(({ staffNo }) => staffNo === recovery.staffNo);
  const officer = found && (await officerById(scope.trx, found.id, true));
  await note(scope, recovery, officer?.id ?? null);
  if (!officer) return null;
  await endAccess(scope, officer.id);
  await scope.trx.updateTable('officer').set({ failures: 0, locked_until: null }).where('id', '=', officer.id).execute();
  const token = newToken(scope.random);
  const expiresAt = await makeLink(scope.trx, scope.keys, { officer: officer.id, token, purpose: 'recover', madeBy: null, now: scope.now });
  return { url: signInUrl(consoleOrigin, token), name: officer.name, expiresAt };
}
