import type { Id, Instant } from '@sallyport/basics';
import { cellOfPlace, consoleChanges, deviceList, type DeviceView, terminalChanges } from '@sallyport/contracts';
import { blocksFor, silenceLevel } from '@sallyport/domain';
import { sql } from 'kysely';
import { at, type Db } from '../../platform/db/index.js';
import { deviceQuery, officerQuery, type Query, type QueryScope } from '../../platform/queries/index.js';
import { changesSince, officerTopics, TERMINAL_TOPICS } from '../../platform/realtime/index.js';
import type { OfficerActor } from '../../platform/commands/index.js';

const iso = (instant: Instant) => new Date(instant).toISOString();
const isoOrNull = (instant: Instant | null) => (instant === null ? null : iso(instant));

/** The build that terminals load next, as the disk says now; null when it is not known. */
export type LatestBuild = () => string | null;

/** Ended devices stay on the page this long. */
const ENDED_SHOWN_MS = 30 * 86_400_000;
/** Gaps of a device that a page shows, newest first. */
const GAPS_SHOWN = 20;

interface Row {
  readonly id: Id;
  readonly place: string;
  readonly state: DeviceView['state'];
  readonly thumbprint: string;
  readonly enrolled_at: Instant;
  readonly confirmed_name: string | null;
  readonly confirmed_at: Instant | null;
  readonly last_seen_at: Instant | null;
  readonly build: string | null;
  readonly clock_offset_ms: number | null;
  readonly queued: number | null;
  readonly oldest_queued_at: Instant | null;
  readonly free_bytes: number | null;
  readonly persisted: boolean | null;
  readonly work_item: Id | null;
}

async function deviceRows(db: Db, now: Instant): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select d.id, d.place, d.state, d.thumbprint, d.enrolled_at, d.confirmed_at, o.name as confirmed_name, h.last_seen_at, coalesce(h.build, d.build) as build,
      h.clock_offset_ms, h.queued, h.oldest_queued_at, h.free_bytes, h.persisted,
      (select w.id from work_item w where w.kind = 'device-enrolment' and w.ref = d.id and w.state <> 'done' limit 1) as work_item
    from device d left join device_health h on h.device = d.id left join officer o on o.id = d.confirmed_by
    where d.ended_at is null or d.ended_at > ${at(now - ENDED_SHOWN_MS)} order by d.place, d.enrolled_at desc`.execute(db);
  return rows;
}

async function gapsOf(db: Db): Promise<Map<Id, DeviceView['gaps']>> {
  const rows = await db.selectFrom('device_gap').selectAll().orderBy('noticed_at', 'desc').limit(1_000).execute();
  const gaps = new Map<Id, DeviceView['gaps']>();
  for (const row of rows) {
    const own = gaps.get(row.device) ?? [];
    if (own.length < GAPS_SHOWN)
      own.push({ generation: row.generation, fromSeq: row.from_seq, toSeq: row.to_seq, noticedAt: iso(row.noticed_at), filled: row.filled_at !== null });
    gaps.set(row.device, own);
  }
  return gaps;
}

type OfficerScope = QueryScope<OfficerActor>;

function onlineOf({ now, policy }: OfficerScope, row: Row): DeviceView['online'] {
  if (row.state !== 'active' || row.last_seen_at === null) return 'never';
  const { level } = silenceLevel(row.last_seen_at, now, policy);
  if (level === null) return 'online';
  return level === 'high' ? 'lost' : 'silent';
}

function viewOf(scope: OfficerScope, row: Row, gaps: DeviceView['gaps']): DeviceView {
  return {
    id: row.id,
    place: row.place,
    state: row.state,
    enrolledAt: iso(row.enrolled_at),
    confirmedBy: row.confirmed_name,
    // Read on the device's own screen and typed by the officer, so that it is really compared.
    checkValue: null,
    keyThumbprint: row.thumbprint,
    online: onlineOf(scope, row),
    lastSeenAt: isoOrNull(row.last_seen_at),
    build: row.build,
    clockOffsetMs: row.clock_offset_ms,
    queued: row.queued,
    oldestQueuedAt: isoOrNull(row.oldest_queued_at),
    freeBytes: row.free_bytes,
    persisted: row.persisted,
    gaps,
    workItem: row.work_item,
  };
}

/** Whether the officer's posts reach the place; places outside the cells are everybody's. */
function reaches({ actor }: OfficerScope, place: string): boolean {
  const blocks = blocksFor(actor.posts, 'device.read');
  const cell = cellOfPlace(place);
  return blocks === 'all' || cell === null || blocks.includes(cell.slice(0, 2));
}

async function listDevices(scope: OfficerScope, latestBuild: LatestBuild) {
  const { db, now } = scope;
  const [rows, gaps] = [await deviceRows(db, now), await gapsOf(db)];
  const open = await db
    .selectFrom('device_enrolment')
    .select(['id', 'place', 'expires_at', 'tries_left'])
    .where('used_at', 'is', null)
    .where('tries_left', '>', 0)
    .where('expires_at', '>', at(now))
    .orderBy('expires_at')
    .execute();
  return {
    asOf: iso(now),
    devices: rows.filter(({ place }) => reaches(scope, place)).map((row) => viewOf(scope, row, gaps.get(row.id) ?? [])),
    enrolments: open
      .filter(({ place }) => reaches(scope, place))
      .map((row) => ({ id: row.id, place: row.place, expiresAt: iso(row.expires_at), triesLeft: row.tries_left })),
    latestBuild: latestBuild(),
  };
}

export function deviceQueries(latestBuild: LatestBuild): Query[] {
  return [
    officerQuery<typeof deviceList>({ contract: deviceList, permission: 'device.read', audit: null, read: (scope) => listDevices(scope, latestBuild) }),
    officerQuery<typeof consoleChanges>({
      contract: consoleChanges,
      permission: 'session',
      whileLocked: true,
      audit: null,
      read: ({ db, actor }, _params, { since }) => {
        const blocks = actor.posts.some((post) => post.blocks === 'all')
          ? undefined
          : actor.posts.flatMap((post) => (post.blocks === 'all' ? [] : post.blocks));
        return changesSince(db, since, { topics: officerTopics(actor.posts), ...(blocks && { blocks }) });
      },
    }),
    deviceQuery<typeof terminalChanges>({
      contract: terminalChanges,
      read: ({ db, actor }, _params, { since }) => changesSince(db, since, { topics: TERMINAL_TOPICS, cells: actor.cell === null ? [] : [actor.cell] }),
    }),
  ];
}
