import type { StuckJobs } from '@sallyport/contracts';
import { WORK_VERDICTS } from '@sallyport/domain';
import type { CommandScope } from '../../platform/commands/kind.js';
import type { Db } from '../../platform/db/index.js';
import type { DueJob, Feature, WorkKindDefinition } from '../../platform/feature.js';
import { STUCK_ATTEMPTS } from '../../platform/jobs/index.js';
import { endAlertOf, raiseAlert } from '../alert/index.js';

const CAUSE = 'job-stuck:';
/** The jobs of a kind that wait longest; a hundred of them say no more. */
const JOBS_SHOWN = 20;

/** A job that fails again and again is an alert, one for all jobs of its kind: until it is mended, people do its work by hand. */
export async function announceStuckJob(scope: CommandScope, { kind }: Pick<DueJob, 'kind'>): Promise<void> {
  await raiseAlert(scope, { kind: 'job-stuck', level: 'medium', cell: null, place: null, cause: `${CAUSE}${kind}` });
}

async function kindsOf(db: Db, alerts: readonly string[]): Promise<Map<string, { kind: string; raisedAt: string }>> {
  const rows =
    alerts.length === 0
      ? []
      : await db
          .selectFrom('alert')
          .select(['id', 'merge_key', 'raised_at'])
          .where('id', 'in', [...alerts])
          .where('kind', '=', 'job-stuck')
          .execute();
  return new Map(rows.map(({ id, merge_key, raised_at }) => [id, { kind: merge_key.slice(CAUSE.length), raisedAt: new Date(raised_at).toISOString() }]));
}

/** Stuck jobs in the queue of the system administrator. They are tried on meanwhile; what was done about them is said by name. */
const stuckWork: WorkKindDefinition = {
  kind: 'job-stuck',
  verdicts: WORK_VERDICTS['job-stuck'],
  async titles(db, refs) {
    return new Map([...(await kindsOf(db, refs))].map(([ref, { kind }]) => [ref, { key: 'work.title.job-stuck', values: { kind } }]));
  },
  async content(db, ref): Promise<StuckJobs | null> {
    const found = (await kindsOf(db, [ref])).get(ref);
    if (!found) return null;
    const jobs = await db
      .selectFrom('job')
      .select(['id', 'due_at', 'attempts', 'last_error'])
      .where('kind', '=', found.kind)
      .where('state', '=', 'waiting')
      .where('attempts', '>=', STUCK_ATTEMPTS)
      .orderBy('due_at')
      .limit(JOBS_SHOWN)
      .execute();
    return {
      alert: ref,
      kind: found.kind,
      raisedAt: found.raisedAt,
      jobs: jobs.map(({ id, due_at, attempts, last_error }) => ({
        id,
        dueAt: new Date(due_at).toISOString(),
        attempts,
        error: last_error?.split(':')[0] ?? '',
      })),
    };
  },
  async apply(scope, { ref, by, input }) {
    await endAlertOf(scope, ref, { by, measure: input['measure'] ?? '', result: input['result'] ?? '' });
  },
};

/** What the system administrator has to mend. */
export const repair: Feature = { commands: [], queries: [], jobs: [], workKinds: [stuckWork] };
