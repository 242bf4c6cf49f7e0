import type { Db } from '../db/index.js';
import type { Metrics } from '../metrics/index.js';
import { auditLag } from './log-store.js';

/** How many records wait for their leaf, and for how long. One query per reading of `/metrics`. */
export function measureAudit(metrics: Metrics, db: Db): void {
  const waiting = metrics.gauge('sallyport_audit_waiting_records', 'Audit records without a leaf in the log');
  metrics.gauge('sallyport_audit_lag_seconds', 'Age of the oldest audit record without a leaf', [], async (gauge) => {
    const lag = await auditLag(db);
    gauge.set(lag.seconds);
    waiting.set(lag.waiting);
  });
}
