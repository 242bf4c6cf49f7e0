import type { Feature } from '../../platform/feature.js';
import { auditQueries } from './queries.js';
import { auditRetention, ensureAuditRetention } from './retention.js';

export { auditLogState, auditRecordProofOf, listAuditRecords } from './store.js';

/** Reads of the audit log and its retention. The log itself is platform: every slice writes to it. */
export const audit: Feature = {
  commands: [],
  queries: auditQueries,
  jobs: [auditRetention],
  routes: (_http, services) => services.transact(ensureAuditRetention),
};
