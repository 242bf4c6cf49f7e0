import { z } from 'zod';
import { cellNo, id, instantText, pageOf, pageQuery } from './primitives.js';
import { defineQuery } from './query.js';

export const auditActorKind = z.enum(['officer', 'device', 'system', 'person']);
export const auditOutcome = z.enum(['accepted', 'refused', 'parked', 'failed']);

/** One record as the console shows it. What retention erased is null; id, time and action always stay. */
export const auditRecordView = z.object({
  id,
  at: instantText,
  action: z.string(),
  /** Place in the log; null for the few seconds until it has one. */
  leafIndex: z.int().nullable(),
  erasedAt: instantText.nullable(),
  /** `name` only for officers: persons and devices are named where somebody may see them. */
  actor: z.object({ kind: auditActorKind, id: z.string().nullable(), name: z.string().nullable() }).nullable(),
  session: z.string().nullable(),
  device: z.string().nullable(),
  subject: z.object({ kind: z.string(), id: z.string().nullable() }).nullable(),
  cell: z.string().nullable(),
  block: z.string().nullable(),
  outcome: auditOutcome.nullable(),
  reason: z.string().nullable(),
  shown: z.unknown(),
  detail: z.unknown(),
});
export type AuditRecordView = z.infer<typeof auditRecordView>;

const filterText = z.string().trim().min(1).max(100);
/** Every filter given must hold. `from` included, `to` not. */
export const auditFilter = z.object({
  from: instantText.optional(),
  to: instantText.optional(),
  actor: filterText.optional(),
  action: filterText.optional(),
  subject: filterText.optional(),
  cell: cellNo.optional(),
  outcome: auditOutcome.optional(),
});
export type AuditFilter = z.infer<typeof auditFilter>;

export const auditRecords = defineQuery({
  path: '/api/audit/records',
  audience: 'console',
  summary: 'Audit records, newest first; the view is itself audited',
  search: auditFilter.extend({ ...pageQuery, cursor: id.optional() }),
  response: pageOf(auditRecordView),
});

const base64Hash = z.base64().length(44);
export const auditCheckpointView = z.object({
  size: z.int(),
  root: base64Hash,
  /** C2SP tlog-checkpoint: to be kept where this server cannot reach it. */
  note: z.string(),
  at: instantText,
  /** Other hosts that signed it. */
  cosignedBy: z.array(z.object({ name: z.string(), at: instantText })),
});
export type AuditCheckpointView = z.infer<typeof auditCheckpointView>;
export const auditState = defineQuery({
  path: '/api/audit/checkpoint',
  audience: 'console',
  summary: 'The newest signed checkpoint of the audit log and how far the log is behind',
  response: z.object({ checkpoint: auditCheckpointView.nullable(), waiting: z.int(), lagSeconds: z.number() }),
});

/** What `audit:verify --proof` reads: leads from one record to a signed checkpoint without any database. Hashes are base64. */
export const auditProof = z.object({
  format: z.literal('sallyport-audit-proof/1'),
  record: z.object({
    id,
    at: instantText,
    action: z.string(),
    contentHash: base64Hash,
    /** The hashed content with its salt; null when retention erased it: time and action are still proved. */
    content: z.record(z.string(), z.unknown()).nullable(),
  }),
  leafIndex: z.int(),
  path: z.array(base64Hash),
  checkpoint: z.string(),
});
export type AuditProof = z.infer<typeof auditProof>;
export const auditRecordProof = defineQuery({
  path: '/api/audit/records/:id/proof',
  audience: 'console',
  summary: 'Proof that one record is in the log; none while it waits for its leaf',
  params: z.object({ id }),
  response: auditProof,
});
