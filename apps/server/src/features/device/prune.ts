import { DAY, HOUR, type Instant } from '@sallyport/basics';
import type { CommandScope } from '../../platform/commands/index.js';
import type { JobHandler } from '../../platform/feature.js';
import { schedule } from '../../platform/jobs/index.js';
import { pruneChanges } from '../../platform/realtime/index.js';

const PRUNE_JOB = 'changes.prune';
/** A client that was away for longer reads everything anew, which is quicker than two days of hints. */
const KEPT_MS = 2 * DAY;

/** Schedules the next pruning: one an hour, whatever the number of processes and starts. */
export async function schedulePrune(scope: CommandScope, after: Instant): Promise<void> {
  const dueAt = (Math.floor(after / HOUR) + 1) * HOUR;
  await schedule(scope.trx, { kind: PRUNE_JOB, key: new Date(dueAt).toISOString(), dueAt, payload: {} });
}

/** Keeps the feed of changes short. */
export const pruneJob: JobHandler = {
  kind: PRUNE_JOB,
  async run(scope) {
    await pruneChanges(scope.trx, scope.now - KEPT_MS);
    await schedulePrune(scope, scope.now);
  },
};
