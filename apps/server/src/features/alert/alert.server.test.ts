import { MINUTE, must, SECOND } from '@sallyport/basics';
import { alertDetail, alertLoad, openAlerts, terminalHome } from '@sallyport/contracts';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OfficerActor } from '../../platform/commands/kind.js';
import { alarmRooms } from '../../platform/realtime/rooms.js';
import { House } from '../duty/house.fixture.js';

let house: House;
let cell: string;
let wang: OfficerActor;
beforeEach(async () => {
  house = await House.create();
  cell = must((await house.cells())[0], 'cell');
  await house.addTerminals([cell]);
  wang = await house.officer('control-room');
});
afterEach(() => house.world.drop());

const press = async (change: Record<string, unknown> = {}) => {
  const device = { ...house.deviceActor(cell), ...change } as ReturnType<House['deviceActor']>;
  const command = house.incoming('alert.call', device, {});
  return { id: command.id, answer: must((await house.send('alert.call', [command]))[0], 'answer') };
};
const withdraw = async (alert: string, at?: number) =>
  must(
    (await house.send('alert.withdraw', [house.incoming('alert.withdraw', house.deviceActor(cell), { alert }, at === undefined ? {} : { at })]))[0],
    'answer',
  );
const stored = (id: string) => house.world.db.selectFrom('alert').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

describe('emergency call', () => {
  test('ALERT6: one press calls, and an unanswered call reaches more people after 15, 30, 60 and 180 s', async () => {
    const start = house.world.now;
    const { id, answer } = await press();
    expect(answer).toMatchObject({ outcome: 'accepted', result: { alert: id, state: 'calling' } });
    for (const [seconds, step] of [
      [14, 0],
      [15, 1],
      [30, 2],
      [60, 3],
      [179, 3],
      [180, 4],
    ] as const) {
      await house.moveTo(start + seconds * SECOND);
      expect((await stored(id)).step, `after ${seconds} s`).toBe(step);
    }
    const [item] = await house.world.db.selectFrom('work_item').selectAll().where('ref', '=', id).execute();
    expect(item).toMatchObject({ kind: 'emergency-call', priority: 'emergency', escalated: 4 });
  });

  test('ALERT7: presses on a ringing call count on it; every press is its own accepted command', async () => {
    const first = await press();
    const second = await press();
    expect(second.answer).toMatchObject({ outcome: 'accepted', result: { alert: first.id } });
    const device = house.deviceActor(cell);
    const batch = await house.send(
      'alert.call',
      [1, 2].map(() => house.incoming('alert.call', device, {})),
    );
    expect(batch.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted']);
    expect(await stored(first.id)).toMatchObject({ count: 4 });
    expect(await house.world.db.selectFrom('work_item').select('id').where('cell', '=', cell).where('kind', '=', 'emergency-call').execute()).toHaveLength(1);
  });

  test('a call from a revoked or unproved device is shown, marked', async () => {
    const { id } = await press({ state: 'revoked' });
    expect(await stored(id)).toMatchObject({ proved: false, state: 'calling' });
  });

  test('ALERT2: taken back within 5 s it stays visible to staff; afterwards only staff can end it', async () => {
    const { id } = await press();
    house.world.now += 5 * SECOND;
    expect(await withdraw(id)).toMatchObject({ outcome: 'accepted' });
    const strip = await house.read(openAlerts, wang);
    expect(strip.alerts).toMatchObject([{ id, state: 'withdrawn', cell }]);
    expect(await house.asOfficer(wang, 'alert.end', { alert: id, measure: 'asked the cell', result: 'a mistake' })).toMatchObject({ outcome: 'accepted' });
    const again = await press();
    house.world.now += 5 * SECOND + 1;
    expect(await withdraw(again.id)).toMatchObject({ outcome: 'refused', code: 'WITHDRAW_TOO_LATE' });
  });

  test('ALERT2: a call and its withdrawal that waited off line are judged by their own times', async () => {
    const pressed = house.world.now - 10 * MINUTE;
    const command = house.incoming('alert.call', house.deviceActor(cell), {}, { at: pressed });
    await house.send('alert.call', [command]);
    expect(await withdraw(command.id, pressed + 3 * SECOND)).toMatchObject({ outcome: 'accepted' });
  });

  test('ALERT3, ALERT4: acknowledged without arrival in 5 min it calls again and escalates anew', async () => {
    const { id } = await press();
    await house.moveTo(house.world.now + 10 * SECOND);
    const acknowledged = house.world.now;
    expect(await house.asOfficer(wang, 'alert.acknowledge', { alert: id })).toMatchObject({ outcome: 'accepted' });
    const home = await house.read(terminalHome, house.deviceActor(cell));
    expect(home.call).toMatchObject({ id, state: 'acknowledged', by: wang.name });
    await house.moveTo(acknowledged + 5 * MINUTE - 1);
    expect(await stored(id)).toMatchObject({ state: 'acknowledged', step: 0 });
    await house.moveTo(acknowledged + 5 * MINUTE);
    expect(await stored(id)).toMatchObject({ state: 'calling', reopened: 1, acknowledged_by: null });
    await house.moveTo(acknowledged + 5 * MINUTE + 30 * SECOND);
    expect(await stored(id)).toMatchObject({ step: 2 });
  });

  test('ALERT5: ended only after arrival, with measure and result, by a named officer; the queue follows', async () => {
    const { id } = await press();
    const end = { alert: id, measure: 'called the doctor', result: 'calmed down' };
    expect(await house.asOfficer(wang, 'alert.end', end)).toMatchObject({ outcome: 'refused', code: 'VERDICT_NOT_OFFERED' });
    await house.asOfficer(wang, 'alert.arrive', { alert: id });
    expect(await house.asOfficer(wang, 'alert.end', end)).toMatchObject({ outcome: 'accepted' });
    const detail = await house.read(alertDetail, wang, { id });
    expect(detail).toMatchObject({ state: 'ended', endedBy: wang.name, measure: end.measure, result: end.result });
    expect(detail.history.map(({ what }) => what)).toEqual(['raised', 'arrived', 'ended']);
    const [item] = await house.world.db.selectFrom('work_item').selectAll().where('ref', '=', id).execute();
    expect(item).toMatchObject({ state: 'done', verdict: 'end', decided_by: wang.id });
    expect(await house.asOfficer(wang, 'alert.end', end)).toMatchObject({ code: 'ALREADY_DONE' });
  });

  test('WORK8: the verdict in the queue ends the call at once, without undo', async () => {
    const { id } = await press();
    const item = await house.world.db.selectFrom('work_item').selectAll().where('ref', '=', id).executeTakeFirstOrThrow();
    const verdict = { item: item.id, seenVersion: 1, verdict: 'end', input: { measure: 'went there', result: 'all well' } };
    expect(await house.asOfficer(wang, 'work.decide', verdict)).toMatchObject({ outcome: 'refused', code: 'VERDICT_NOT_OFFERED' });
    await house.asOfficer(wang, 'alert.arrive', { alert: id });
    expect(await house.asOfficer(wang, 'work.decide', verdict)).toMatchObject({ outcome: 'accepted', result: { undoUntil: null } });
    expect(await stored(id)).toMatchObject({ state: 'ended', measure: 'went there' });
  });

  test('ALERT12: the medical console has the call at once, and the doctor can answer it and arrive', async () => {
    const { id } = await press();
    const doctor = await house.officer('medical');
    expect((await house.read(openAlerts, doctor)).alerts).toMatchObject([{ id, cell, level: 'high', state: 'calling' }]);
    expect(alarmRooms(cell)).toContain('role:medical/block:all');
    expect(await house.asOfficer(doctor, 'alert.acknowledge', { alert: id })).toMatchObject({ outcome: 'accepted' });
    expect((await house.read(terminalHome, house.deviceActor(cell))).call).toMatchObject({ id, state: 'acknowledged', by: doctor.name });
    expect(await house.asOfficer(doctor, 'alert.arrive', { alert: id })).toMatchObject({ outcome: 'accepted' });
    expect(await stored(id)).toMatchObject({ state: 'arrived', arrived_by: doctor.id });
  });

  test("ALERT11: the page of an alarm opens the cell's camera and intercom where the site has named them", async () => {
    const { id } = await press();
    expect(await house.read(alertDetail, wang, { id })).toMatchObject({ camera: null, talk: null });
    const { policy } = house.world;
    house.world.policy = { ...policy, alert: { ...policy.alert, cameraAddress: 'https://video.example/{cell}', talkAddress: 'sip:{cell}@intercom' } };
    expect(await house.read(alertDetail, wang, { id })).toMatchObject({ camera: `https://video.example/${cell}`, talk: `sip:${cell}@intercom` });
  });

  test('ACC5: an officer of other blocks neither sees nor answers it', async () => {
    const { id } = await press();
    const elsewhere: OfficerActor = { ...wang, posts: [{ role: 'cell-officer', blocks: ['99'] }] };
    expect((await house.read(openAlerts, elsewhere)).alerts).toEqual([]);
    expect(await house.asOfficer(elsewhere, 'alert.acknowledge', { alert: id })).toMatchObject({ code: 'OUT_OF_SCOPE' });
  });
});

describe('the report of alarms', () => {
  test('ALERT14: each ten minutes with their alarms, shared among officers who were signed in and could answer', async () => {
    const { db, now } = house.world;
    for (const role of ['control-room', 'finance'] as const) {
      const officer = await house.officer(role);
      await sql`insert into officer_session (id, token_hash, officer_id, stage, made_at, touched_at, ends_at)
        values (${house.world.newId()}, ${Buffer.alloc(32, role.length)}, ${officer.id}, 'open', ${new Date(now - MINUTE)}, ${new Date(now)}, ${new Date(now + 60 * MINUTE)})`.execute(
        db,
      );
    }
    const { id } = await press();
    await house.moveTo(now + 15 * MINUTE);
    const report = await house.read(alertLoad, wang);
    const [window] = report.windows.filter(({ alarms }) => alarms.some((alarm) => alarm.id === id));
    expect(window).toMatchObject({ officers: 1, alarms: [expect.objectContaining({ id, kind: 'emergency-call', cell, level: 'high' })] });
    expect(window?.perOfficer).toBe(window?.alarms.length);
    expect(report).toMatchObject({ review: false, most: expect.any(Number) });
    expect(report.mean).toBeLessThan(report.most);
  });

  test('ALERT14: a period that runs backwards, or is too long, is refused with what to do', async () => {
    await expect(house.read(alertLoad, wang, {}, { from: '2026-11-22', to: '2026-11-21' })).rejects.toThrow('must not lie before from');
    await expect(house.read(alertLoad, wang, {}, { from: '2026-10-01', to: '2026-11-21' })).rejects.toThrow('at most 31 days');
  });
});
