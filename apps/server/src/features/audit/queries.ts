import { auditRecordProof, auditRecords, auditState } from '@sallyport/contracts';
import { officerQuery } from '../../platform/queries/query.js';
import { auditLogState, auditRecordProofOf, listAuditRecords } from './store.js';

/** Who looked at the audit, and for what, is itself a record. */
const records = officerQuery<typeof auditRecords>({
  contract: auditRecords,
  permission: 'audit.read',
  audit: (_params, search) => ({ subjectKind: 'audit', subjectId: null, cell: search.cell ?? null, detail: { ...search } }),
  read: ({ db }, _params, search) => listAuditRecords(db, search),
});

const state = officerQuery<typeof auditState>({ contract: auditState, permission: 'audit.read', audit: null, read: ({ db }) => auditLogState(db) });

const proof = officerQuery<typeof auditRecordProof>({
  contract: auditRecordProof,
  permission: 'audit.read',
  audit: ({ id }) => ({ subjectKind: 'audit-record', subjectId: id }),
  read: ({ db }, { id }) => auditRecordProofOf(db, id),
});

export const auditQueries = [records, state, proof];
