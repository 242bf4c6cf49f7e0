import { randomUUID } from 'node:crypto';
import { DAY, HOUR, MINUTE, must, SECOND } from '@sallyport/basics';
import { type PolicyDocument, policyChange, policyCurrent, rosterOf } from '@sallyport/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OfficerActor } from '../../platform/commands/kind.js';
import { createPolicy, ensureFirstPolicy, policyAt } from '../policy/index.js';
import { EVENING, FIRST_SLOT, House } from './house.fixture.js';
import { rostersHoldPolicy, startDuty } from './index.js';

const NEXT_WEEK = '2026-11-30';
const LATER_WEEK = '2026-12-07';

/** Documents are kept by version id for the whole process, and the chance of a test world repeats. */
const freshId = () => randomUUID().replace(/(?<=^.{14})./, '7');

let house: House;
let leader: OfficerActor;
const policy = createPolicy([rostersHoldPolicy]);
beforeEach(async () => {
  house = await House.create();
  leader = await house.officer('leadership');
  const { world } = house;
  await ensureFirstPolicy(world.db, { id: freshId(), now: EVENING - DAY, document: world.policy, reason: 'the site begins' });
});
afterEach(() => house.world.drop());

const duty = (change: Partial<PolicyDocument['duty']>): PolicyDocument => ({ ...house.world.policy, duty: { ...house.world.policy.duty, ...change } });
async function change(document: PolicyDocument, from: number, basedOn = 1) {
  const body = policyChange.body.parse({ document, effectiveFrom: new Date(from).toISOString(), reason: 'another timetable', basedOn });
  const [answer] = await house.world.transact((scope) =>
    must(policy.commands[0], 'command').handle(scope, [house.incoming('policy.change', leader, body, { id: freshId() })] as never),
  );
  return must(answer, 'answer');
}
/** The end of the last approved seat of the demo's two weeks. */
const lastSeat = async () =>
  (await house.world.db.selectFrom('duty_seat').select('ends_at').orderBy('ends_at', 'desc').limit(1).executeTakeFirstOrThrow()).ends_at;
const current = async () => {
  const { db, now } = house.world;
  const document = await policyAt(db, now);
  const answer = await must(policy.queries[0], 'query').read({ db, now, policy: document, actor: leader } as never, {} as never, {} as never);
  return policyCurrent.response.parse(answer);
};

describe('a change of the timetable', () => {
  test('DUTY50: approved slots are never orphaned: the change is refused and says from when on it could hold', async () => {
    const shifts = duty({ shiftMinutes: 90 });
    const last = await lastSeat();
    expect(await change(shifts, house.world.now)).toMatchObject({
      outcome: 'refused',
      code: 'POLICY_ORPHANS_ROSTERS',
      details: { first: FIRST_SLOT, freeFrom: new Date(last).toISOString() },
    });
    expect(await change(shifts, last - 1)).toMatchObject({ code: 'POLICY_ORPHANS_ROSTERS', details: { slots: 1 } });
    expect(await change(shifts, last)).toMatchObject({ outcome: 'accepted' });
  });

  test('DUTY50: the time zone moves every slot, so it cannot change under approved weeks either', async () => {
    const zone = { ...house.world.policy, site: { ...house.world.policy.site, timeZone: 'Asia/Urumqi' } };
    expect(await change(zone, house.world.now + DAY)).toMatchObject({ outcome: 'refused', code: 'POLICY_ORPHANS_ROSTERS' });
    expect(await change(zone, await lastSeat())).toMatchObject({ outcome: 'accepted' });
  });

  test('DUTY50: what leaves the slots where they are may hold at once', async () => {
    expect(await change(duty({ offlineGraceSeconds: 90 }), house.world.now)).toMatchObject({ outcome: 'accepted' });
    expect(await change(duty({ windows: [...house.world.policy.duty.windows, { start: '15:00', end: '17:00' }] }), house.world.now, 2)).toMatchObject({
      outcome: 'accepted',
    });
  });

  test('DUTY50: a week after the change is planned by the timetable that will hold then, week by week', async () => {
    const cell = must((await house.cells())[0], 'cell');
    const from = await lastSeat();
    expect(await change(duty({ shiftMinutes: 90 }), from)).toMatchObject({ outcome: 'accepted' });
    const slots = async (week: string) => (await house.read(rosterOf, leader, { cell, week })).slots.map(({ slot }) => slot.slice(11));
    expect(new Set(await slots(NEXT_WEEK))).toContain('13:30');
    expect(await slots('2026-11-23')).not.toContain('13:30');
    expect(await house.asOfficer(leader, 'duty.propose-roster', { cell, week: LATER_WEEK, seenVersion: 0 })).toMatchObject({
      outcome: 'accepted',
      result: { unfilled: [] },
    });
  });

  test('DUTY47, DUTY50: seats of another time are no plan: a slot that moved away from them is a gap', async () => {
    house.world.policy = { ...house.world.policy, site: { ...house.world.policy.site, timeZone: 'Asia/Tokyo' } };
    await house.world.db.deleteFrom('policy_version').execute();
    const inForce = { id: freshId(), now: EVENING - DAY, document: house.world.policy, reason: 'another zone' };
    await ensureFirstPolicy(house.world.db, inForce);
    await house.restart();
    await house.world.transact(startDuty);
    // 23:30 in Tokyo is 22:30 in Shanghai.
    await house.moveTo(EVENING + 94 * MINUTE);
    expect(new Set((await house.anomalies()).map(({ kind }) => kind))).toEqual(new Set(['NO_ROSTER']));
  });
});

describe('the date of a change', () => {
  test('POL6: not in the past, not more than a year ahead, each version once', async () => {
    const { now } = house.world;
    const longer = duty({ offlineGraceSeconds: 90 });
    expect(await change(longer, now - 2 * MINUTE)).toMatchObject({ code: 'POLICY_DATE' });
    expect(await change(longer, now + 367 * DAY)).toMatchObject({ code: 'POLICY_DATE' });
    const both = await Promise.all([change(longer, now + HOUR), change(longer, now + HOUR)]);
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['accepted', 'refused']);
    expect(both).toContainEqual(expect.objectContaining({ code: 'POLICY_OUTDATED' }));
  });

  test('POL7: the query tells what is in force and the newest document, on which the next version builds', async () => {
    const { now } = house.world;
    await change(duty({ offlineGraceSeconds: 90 }), now + HOUR);
    const before = await current();
    expect([before.current, before.document.duty.offlineGraceSeconds]).toEqual([1, 60]);
    expect([before.newest.version, before.newest.document.duty.offlineGraceSeconds]).toEqual([2, 90]);
    house.world.now += HOUR + SECOND;
    const after = await current();
    expect([after.current, after.document.duty.offlineGraceSeconds]).toEqual([2, 90]);
  });
});
