import type { Random } from '@sallyport/basics';
import type { CommandOutcome } from '@sallyport/contracts';
import { type AuditRecord, auditRecord } from '../audit/index.js';
import type { Arrival } from './arrival.js';
import type { AuditSubject, Handled, Incoming } from './kind.js';

/** What the audit holds of one command, whatever became of it. */
export function auditOf(arrival: Arrival, outcome: CommandOutcome, incoming: Incoming<unknown> | null, now: number, random: Random): AuditRecord {
  const { sender, definition, times } = arrival;
  const handled: Handled<unknown> =
    outcome.outcome === 'accepted'
      ? { outcome: 'accepted', result: outcome.result ?? {} }
      : { outcome: 'refused', code: outcome.code ?? 'ENVELOPE_INVALID', message: outcome.message ?? '', ...(outcome.details && { details: outcome.details }) };
  const subject: AuditSubject | null =
    definition && incoming && outcome.outcome !== 'parked' ? definition.audit(incoming as Incoming<never>, handled as Handled<never>) : null;
  const officer = sender.kind === 'officer';
  return auditRecord(
    {
      at: now,
      action: arrival.kind,
      actor: { kind: sender.kind, id: sender.id },
      outcome: outcome.outcome,
      session: officer ? sender.sessionId : null,
      device: officer ? null : sender.id,
      subject: subject ? { kind: subject.subjectKind, id: subject.subjectId } : null,
      cell: subject?.cell ?? (officer ? null : sender.cell),
      reason: outcome.code ?? subject?.reason ?? null,
      detail: {
        command: arrival.id,
        madeAt: new Date(times.claimedAt).toISOString(),
        ...(times.skewMs !== null && !officer && { skewMs: times.skewMs }),
        ...(!officer && sender.state !== 'active' && { deviceState: sender.state }),
        ...(!officer && sender.unproved && { unproved: true }),
        ...(outcome.code !== undefined && subject?.reason && { reason: subject.reason }),
        ...subject?.detail,
      },
    },
    random,
  );
}
