import { type Id, type Instant, MINUTE, SECOND } from '@sallyport/basics';
import { type AlertLevel, cellOfPlace } from '@sallyport/contracts';
import { silenceLevel } from '@sallyport/domain';
import { sql } from 'kysely';
import type { CommandScope } from '../../platform/commands/index.js';
import { at } from '../../platform/db/index.js';
import type { JobHandler } from '../../platform/feature.js';
import { schedule } from '../../platform/jobs/index.js';
import { clearAlerts, raiseAlerts } from '../alert/index.js';

export const SILENCE_JOB = 'device.silence';
/** A gap may be filled by what is still under way; after this long it is named aloud. */
const GAP_PATIENCE_MS = MINUTE;
/** Looks are never closer together than this, and never further apart than a minute. */
const LEAST_PAUSE_MS = 5 * SECOND;
const MOST_PAUSE_MS = MINUTE;
/** Devices of one statement: an alert has some twenty columns, and a statement at most 65,535 parameters. */
const CHUNK = 1_000;

interface Silent {
  readonly device: Id;
  readonly place: string;
  readonly last_sign: Instant;
  readonly silence: Id | null;
  readonly red_at: Instant | null;
  readonly alert: Id | null;
}

/** A device that is silent now, and how loud that is. */
interface Noticed extends Silent {
  readonly level: AlertLevel;
}

async function activeDevices(scope: CommandScope): Promise<Silent[]> {
  const { rows } = await sql<Silent>`
    select d.id as device, d.place, greatest(h.last_seen_at, d.confirmed_at) as last_sign, s.id as silence, s.red_at, s.alert
    from device d left join device_health h on h.device = d.id left join device_silence s on s.device = d.id and s.ended_at is null
    where d.state = 'active' order by d.id`.execute(scope.trx);
  return rows;
}

/** One alert per device, in their order. */
async function raise(scope: CommandScope, silent: readonly Noticed[]): Promise<(Id | null)[]> {
  const raised = await raiseAlerts(
    scope,
    silent.map(({ device, place, level }) => ({
      kind: 'device-silent' as const,
      level,
      cell: cellOfPlace(place),
      place,
      device,
      title: level === 'high' ? 'alert.title.device-lost' : 'alert.title.device-silent',
      cause: `silence:${device}:${level}`,
    })),
  );
  for (const { place } of silent) scope.hint({ topic: 'device', cell: cellOfPlace(place) });
  return silent.map((_, index) => raised[index]?.alert ?? null);
}

/** Amber: the silences begin, one alert each. */
async function begin(scope: CommandScope, silent: readonly Noticed[]): Promise<void> {
  const alerts = await raise(scope, silent);
  const now = new Date(scope.now);
  await sql`insert into device_silence (id, device, since, amber_at, red_at, alert)
    select id, device, since, ${now}, case when red then ${now}::timestamptz end, alert from unnest(
      ${silent.map(() => scope.newId())}::uuid[], ${silent.map(({ device }) => device)}::uuid[], ${silent.map(({ last_sign }) => new Date(last_sign).toISOString())}::timestamptz[],
      ${silent.map(({ level }) => level === 'high')}::boolean[], ${alerts}::uuid[]) as fresh (id, device, since, red, alert)`.execute(scope.trx);
}

/** Red: a louder alert takes the place of the first. */
async function redden(scope: CommandScope, silent: readonly Noticed[]): Promise<void> {
  await clearAlerts(
    scope,
    silent.flatMap(({ alert }) => alert ?? []),
    'device-lost',
  );
  const alerts = await raise(scope, silent);
  await sql`update device_silence set red_at = ${new Date(scope.now)}, alert = louder.alert
    from unnest(${silent.map(({ silence }) => silence)}::uuid[], ${alerts}::uuid[]) as louder (id, alert) where device_silence.id = louder.id`.execute(
    scope.trx,
  );
}

/** Begins and raises what is new, each once; some statements for every thousand devices. */
async function note(scope: CommandScope, noticed: readonly Noticed[]): Promise<void> {
  for (let start = 0; start < noticed.length; start += CHUNK) {
    const part = noticed.slice(start, start + CHUNK);
    const fresh = part.filter(({ silence }) => silence === null);
    const lost = part.filter(({ silence, level, red_at }) => silence !== null && level === 'high' && red_at === null);
    if (fresh.length > 0) await begin(scope, fresh);
    if (lost.length > 0) await redden(scope, lost);
  }
}

async function raiseGaps(scope: CommandScope): Promise<void> {
  const { rows } = await sql<{ device: Id; place: string }>`
    with late as (
      update device_gap set raised_at = ${new Date(scope.now)} where filled_at is null and raised_at is null and noticed_at <= ${new Date(scope.now - GAP_PATIENCE_MS)} returning device
    ) select distinct late.device, d.place from late join device d on d.id = late.device`.execute(scope.trx);
  await raiseAlerts(
    scope,
    rows.map(({ device, place }) => ({
      kind: 'device-gap' as const,
      level: 'medium' as const,
      cell: cellOfPlace(place),
      place,
      device,
      cause: `gap:${device}`,
    })),
  );
  for (const { place } of rows) scope.hint({ topic: 'device', cell: cellOfPlace(place) });
}

/** Schedules the next look, unless one waits already. */
export async function scheduleLook(scope: CommandScope, dueAt: Instant): Promise<void> {
  const waiting = await scope.trx
    .selectFrom('job')
    .select('id')
    .where('kind', '=', SILENCE_JOB)
    .where('state', '=', 'waiting')
    .where('due_at', '>', at(scope.now))
    .limit(1)
    .execute();
  if (waiting.length === 0) await schedule(scope.trx, { kind: SILENCE_JOB, key: new Date(dueAt).toISOString(), dueAt, payload: {} });
}

/**
 * Looks at every active device once. `quietSince`: before this process began it could hear nobody, so silence counts from then at the earliest.
 * @returns when to look again.
 */
export async function lookAround(scope: CommandScope, quietSince: Instant): Promise<Instant> {
  let next = scope.now + MOST_PAUSE_MS;
  const noticed: Noticed[] = [];
  for (const silent of await activeDevices(scope)) {
    const { level, nextAt } = silenceLevel(Math.max(silent.last_sign, quietSince), scope.now, scope.policy);
    if (level !== null) noticed.push({ ...silent, level });
    if (nextAt !== null) next = Math.min(next, nextAt);
  }
  await note(scope, noticed);
  await raiseGaps(scope);
  return Math.max(next, scope.now + LEAST_PAUSE_MS);
}

/** The recurring look. Each run writes the next one in its own transaction, so that it never stops and never doubles. */
export function silenceJob(quietSince: () => Instant): JobHandler {
  return {
    kind: SILENCE_JOB,
    async run(scope) {
      await scheduleLook(scope, await lookAround(scope, quietSince()));
    },
  };
}
