import { type Id, type Instant, SECOND } from '@sallyport/basics';
import type { PolicyDocument } from '@sallyport/contracts';
import { sql } from 'kysely';
import type { Db, Trx } from '../../platform/db/index.js';

/** The event of a pause; the pause itself is nothing more than this event and the policy's seconds after it. */
export const SOUND_PAUSED = 'sound-paused';

export interface SoundPause {
  readonly by: string;
  readonly until: Instant;
}

/** Until when a pause that begins at an instant lasts (ALERT10). */
export function pausedUntil(at: Instant, policy: PolicyDocument): Instant {
  return at + policy.alert.pauseSoundSeconds * SECOND;
}

/** The pauses that last now, by alert. */
export async function soundPauses(
  db: Db | Trx,
  alerts: readonly Id[],
  { now, policy }: { now: Instant; policy: PolicyDocument },
): Promise<Map<Id, SoundPause>> {
  if (alerts.length === 0) return new Map();
  const earliest = now - policy.alert.pauseSoundSeconds * SECOND;
  const events = await db
    .selectFrom('alert_event')
    .select(['alert', 'at', 'who_name'])
    .where('alert', 'in', alerts)
    .where('what', '=', SOUND_PAUSED)
    .where(sql<boolean>`at > ${new Date(earliest)}`)
    .orderBy('seq')
    .execute();
  return new Map(events.map(({ alert, at, who_name }) => [alert, { by: who_name ?? '', until: pausedUntil(at, policy) }]));
}
