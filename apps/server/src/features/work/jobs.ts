import { type Id, type Instant, must } from '@sallyport/basics';
import { id } from '@sallyport/contracts';
import { escalationSteps } from '@sallyport/domain';
import { z } from 'zod';
import type { CommandScope } from '../../platform/commands/kind.js';
import type { JobHandler } from '../../platform/feature.js';
import { schedule, scheduleAll } from '../../platform/jobs/index.js';
import { finishDecided } from './effect.js';
import type { WorkKinds, WorkScope } from './kind.js';
import { ESCALATE_JOB, escalationJobs } from './open.js';
import { addWorkEvents, freeExpired, lockItems } from './store.js';

const EFFECT_JOB = 'work.effect';
const LEASE_JOB = 'work.lease';

/** Lets a recorded verdict take effect when its undo time is over. */
export async function scheduleEffect(scope: WorkScope, item: Id, version: number, dueAt: Instant): Promise<void> {
  await schedule(scope.trx, { kind: EFFECT_JOB, key: `${item}:${version}`, dueAt, payload: { item, version } });
}

/** Frees the item when its lease ends; a renewed lease is looked at again at its new end. */
export async function scheduleLease(scope: WorkScope, item: Id, leaseUntil: Instant): Promise<void> {
  await schedule(scope.trx, { kind: LEASE_JOB, key: `${item}:${leaseUntil}`, dueAt: leaseUntil, payload: { item } });
}

const itemPayload = z.strictObject({ item: id });
const effectPayload = z.strictObject({ item: id, version: z.int() });
const stepPayload = z.strictObject({ item: id, step: z.int() });

async function endLease(scope: CommandScope, item: Id): Promise<void> {
  const held = (await lockItems(scope.trx, [item])).get(item);
  if (held?.state !== 'claimed') return;
  const leaseUntil = must(held.lease_until, 'lease_until');
  if (leaseUntil > scope.now) return scheduleLease(scope, item, leaseUntil);
  const who = { id: must(held.holder, 'holder'), name: must(held.holder_name, 'holder_name') };
  await freeExpired(scope.trx, scope.now, [item]);
  await addWorkEvents(scope, [{ item, who, what: 'lease-ended' }]);
  scope.hint({ topic: 'work-item', cell: held.cell });
}

async function escalate(scope: CommandScope, id: Id, step: number): Promise<void> {
  const item = (await lockItems(scope.trx, [id])).get(id);
  if (!item || item.state === 'decided' || item.state === 'done' || item.escalated >= step) return;
  const to = escalationSteps(item.kind, scope.policy)[step]?.to[0];
  if (to === undefined) return;
  await scope.trx.updateTable('work_item').set({ escalated: step, escalated_to: to }).where('id', '=', id).execute();
  await addWorkEvents(scope, [{ item: id, what: 'escalated', note: to }]);
  await scheduleAll(scope.trx, escalationJobs({ id, kind: item.kind, created: item.created_at }, step + 1, scope.policy));
  scope.hint({ topic: 'work-item', cell: item.cell });
}

/** Effects after the undo time, ends of leases, escalations: each once, whatever restarts in between. */
export function workJobs(kinds: WorkKinds): JobHandler[] {
  return [
    {
      kind: EFFECT_JOB,
      async run(scope, job) {
        const { item, version } = effectPayload.parse(job.payload);
        await finishDecided(kinds, scope, item, version);
      },
    },
    { kind: LEASE_JOB, run: (scope, job) => endLease(scope, itemPayload.parse(job.payload).item) },
    {
      kind: ESCALATE_JOB,
      async run(scope, job) {
        const { item, step } = stepPayload.parse(job.payload);
        await escalate(scope, item, step);
      },
    },
  ];
}
