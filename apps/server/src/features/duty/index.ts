import type { CommandScope } from '../../platform/commands/kind.js';
import type { Feature } from '../../platform/feature.js';
import { board } from './board.js';
import { home } from './home.js';
import { myRecord } from './my-record.js';
import { observe } from './observe.js';
import { presence, presenceJob } from './presence.js';
import { recordQueries } from './records.js';
import { dutyReviewWork } from './review.js';
import { planRollCalls, rollCallJobs } from './roll-call.js';
import { rollCallCommands } from './roll-call-commands.js';
import { rollCallList } from './roll-call-view.js';
import { rollCallWork } from './roll-call-work.js';
import { rosterCommands } from './roster-commands.js';
import { rosterCheckRoute, rosterQuery } from './roster-view.js';
import { rosterGapWork } from './roster-gap.js';
import { rosterWork } from './roster-work.js';
import { signIn } from './sign-in.js';
import { slotJobs, startSlots } from './slot-jobs.js';
import { substitute, substituteWork } from './substitute.js';
import { wordCommands } from './words.js';

export { dutyAnomalyAlert } from './review.js';
export { seedRosters } from './seed.js';
export type { TerminalState } from './silence.js';
export { rostersHoldPolicy } from './timetable.js';
export { dutyFollowsPeople } from './vacancy.js';

/** Cell duty: rosters, sign-ins, presence, anomalies and their review, roll call. Its alerts need `createAlert([dutyAnomalyAlert])`. */
export const duty: Feature = {
  commands: [signIn, presence, ...wordCommands, myRecord, observe, substitute, ...rosterCommands, ...rollCallCommands],
  queries: [home, board, rosterQuery, ...recordQueries, rollCallList],
  jobs: [...slotJobs, presenceJob, ...rollCallJobs],
  workKinds: [dutyReviewWork, rollCallWork, rosterWork, rosterGapWork, substituteWork],
  async routes(http, services) {
    rosterCheckRoute(http, services);
    await services.transact(startDuty);
  },
};

/** Starts the engine of slots and roll calls, or lets it run on: safe at every start of every process. */
export async function startDuty(scope: CommandScope): Promise<void> {
  await startSlots(scope);
  await planRollCalls(scope);
}
