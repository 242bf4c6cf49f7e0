import type { CommandScope } from '../../platform/commands/kind.js';
import { appendAudit, auditRecord } from '../../platform/audit/index.js';

interface AccessEvent {
  /** What was tried, e.g. `access.sign-in`. */
  readonly action: string;
  readonly outcome: 'accepted' | 'refused';
  /** Null when the request did not say who it is. */
  readonly officer: string | null;
  readonly session?: string | null;
  /** Refusal code. */
  readonly reason?: string;
}

/** Notes a sign-in, lock, step-up or refusal in the audit, in the transaction of its effect. */
export async function auditAccess({ trx, now, random }: CommandScope, event: AccessEvent): Promise<void> {
  const { action, outcome, officer, session = null, reason = null } = event;
  const actor = officer === null ? ({ kind: 'system', id: 'unknown' } as const) : ({ kind: 'officer', id: officer } as const);
  await appendAudit(trx, [
    auditRecord({ at: now, action, actor, outcome, session, reason, subject: officer === null ? null : { kind: 'officer', id: officer } }, random),
  ]);
}
