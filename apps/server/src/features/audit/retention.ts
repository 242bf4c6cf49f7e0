import { DAY, type Instant, MINUTE } from '@sallyport/basics';
import { ERASE_BATCH, eraseAudit } from '../../platform/audit/index.js';
import type { CommandScope } from '../../platform/commands/kind.js';
import type { Trx } from '../../platform/db/index.js';
import type { JobHandler } from '../../platform/feature.js';
import { schedule } from '../../platform/jobs/index.js';

const KIND = 'audit.retention';

/** One chain of jobs: its key is its time, so that several processes that start together make one. */
async function next(trx: Trx, dueAt: Instant): Promise<void> {
  await schedule(trx, { kind: KIND, key: new Date(dueAt).toISOString(), dueAt, payload: {} });
}

/** Starts the chain where none waits: the first look comes within a day, at a whole UTC day. */
export async function ensureAuditRetention(scope: CommandScope): Promise<void> {
  const waiting = await scope.trx.selectFrom('job').select('id').where('kind', '=', KIND).where('state', '=', 'waiting').executeTakeFirst();
  if (!waiting) await next(scope.trx, Math.ceil(scope.now / DAY) * DAY);
}

/** Once a day erases what is older than `policy.audit.minDays`, in portions of one transaction each, a minute apart. */
export const auditRetention: JobHandler = {
  kind: KIND,
  async run(scope) {
    const erased = await eraseAudit(scope.trx, { now: scope.now, random: scope.random, days: scope.policy.audit.minDays });
    await next(scope.trx, erased < ERASE_BATCH ? Math.floor(scope.now / DAY) * DAY + DAY : scope.now + MINUTE);
  },
};
