import { DAY, type Instant, MINUTE } from '@sallyport/basics';
import { type ResponseOf, type RollCallCell, type SlotView, terminalHome } from '@sallyport/contracts';
import { slotsBetween, slotTimes } from '@sallyport/domain';
import type { DeviceActor } from '../../platform/commands/kind.js';
import { at, type Db } from '../../platform/db/index.js';
import { deviceQuery, type Query, type QueryScope } from '../../platform/queries/query.js';
import { currentCursor } from '../../platform/realtime/changes.js';
import type { SignInRecord } from './evidence.js';
import { factsOfCells } from './people.js';
import { openRollCallOf } from './roll-call-view.js';
import { iso, slotViewOf } from './view.js';
import { noteUntil } from './words.js';

type Home = ResponseOf<typeof terminalHome>;
type Scope = QueryScope<DeviceActor>;

/** A day without network must still know whose turn it is; a little more for the first hours after it. */
const AHEAD = 2 * DAY + DAY / 2;
/** A call that was ended or taken back stays readable on the wall so long. */
const CALL_SHOWN_AFTER_END = 2 * MINUTE;

/**
 * The running slot, the coming ones and their seats by bed. An ended slot stays while its people can still sign in late or hand it over.
 * Longest slot and window lie within a day back.
 */
async function slotViews({ db, now, policy }: Scope, cell: string): Promise<{ views: SlotView[]; beds: number[] }> {
  const slots = slotsBetween(now - DAY, now + AHEAD, policy).filter((slot) => Math.max(noteUntil(slot, policy), slotTimes(slot, policy).closesAt) >= now);
  const keys = slots.map(({ key }) => key);
  const people = await factsOfCells(db, [cell], now, now - DAY, policy);
  const beds = [...people.values()].flatMap(({ person }) => person.bed ?? []).sort((a, b) => a - b);
  if (keys.length === 0) return { views: [], beds };
  const seats = await db.selectFrom('duty_seat').selectAll().where('cell', '=', cell).where('slot', 'in', keys).orderBy('seat').execute();
  const signIns = (await db.selectFrom('duty_sign_in').selectAll().where('cell', '=', cell).where('slot', 'in', keys).execute()) as SignInRecord[];
  const of = <Row extends { slot: string }>(rows: readonly Row[], key: string) => rows.filter((row) => row.slot === key);
  return { views: slots.map((slot) => slotViewOf(slot, cell, of(seats, slot.key), of(signIns, slot.key), people, now, policy)), beds };
}

/** The slot on the wall: the one that runs, else the one whose window is open. */
function currentOf(views: readonly SlotView[], now: Instant): SlotView | null {
  const text = iso(now);
  return (
    views.find(({ startsAt, endsAt }) => startsAt <= text && text < endsAt) ?? views.find(({ opensAt, endsAt }) => opensAt <= text && text < endsAt) ?? null
  );
}

async function presenceOf(db: Db, cell: string, now: Instant): Promise<Home['presence']> {
  const prompt = await db
    .selectFrom('duty_presence')
    .select(['id', 'ask_at', 'answer_by'])
    .where('cell', '=', cell)
    .where('state', '=', 'asked')
    .where('answer_by', '>', at(now))
    .orderBy('ask_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return prompt ? { id: prompt.id, askedAt: iso(prompt.ask_at), answerBy: iso(prompt.answer_by) } : null;
}

/** The last call of this place as the wall may tell it. "Received" only after a named officer has received it (ux R16). */
async function callOf(db: Db, place: string, now: Instant): Promise<Home['call']> {
  const call = await db
    .selectFrom('alert')
    .selectAll()
    .where('kind', '=', 'emergency-call')
    .where('place', '=', place)
    .orderBy('raised_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!call) return null;
  const over = call.ended_at ?? call.withdrawn_at;
  if (over !== null && over < now - CALL_SHOWN_AFTER_END) return null;
  return {
    id: call.id,
    state: call.state as NonNullable<Home['call']>['state'],
    by: call.arrived_name ?? call.acknowledged_name,
    at: iso(over ?? call.arrived_at ?? call.acknowledged_at ?? call.raised_at),
  };
}

async function rollCallOf(scope: Scope, cell: string): Promise<RollCallCell | null> {
  return openRollCallOf(scope.db, cell, scope.now, scope.policy);
}

export const home: Query = deviceQuery<typeof terminalHome>({
  contract: terminalHome,
  async read(scope): Promise<Home | null> {
    const { db, now, policy, actor } = scope;
    const { cell } = actor;
    if (cell === null) return null;
    // The cursor comes first: what changes while the rest is read is told again by the feed.
    const cursor = await currentCursor(db);
    const { views, beds } = await slotViews(scope, cell);
    const current = currentOf(views, now);
    const next = views.find(({ startsAt }) => startsAt > (current?.startsAt ?? iso(now))) ?? null;
    const { terminal } = policy;
    return {
      cell,
      siteName: policy.site.name,
      timeZone: policy.site.timeZone,
      serverTime: iso(now),
      asOf: iso(now),
      cursor,
      current,
      next,
      slots: views,
      beds,
      presence: await presenceOf(db, cell, now),
      rollCall: await rollCallOf(scope, cell),
      call: await callOf(db, actor.place, now),
      settings: {
        maskSeconds: terminal.maskAfterSeconds,
        askSeconds: terminal.askAfterSeconds,
        answerSeconds: terminal.answerWithinSeconds,
        lightsOut: terminal.lightsOutAt,
        lightsOn: terminal.lightsOnAt,
        features: ['duty', 'roster', 'call'],
      },
    };
  },
});
