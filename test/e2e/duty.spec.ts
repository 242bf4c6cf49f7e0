import type { TerminalHome } from '@sallyport/contracts';
import { clearOfRollCall, endOfSlot, nextSlot, peopleAfter } from './change-over.js';
import { expect, test, UNDO_MS } from './fixtures.js';

const MINUTE = 60_000;

test.describe('DUTY: from the cell wall to the officer', () => {
  test('two people sign in, each with the own proof, and the officer sees both', async ({ terminal, officer, site }) => {
    const wall = await terminal('0101');
    const { first, second } = await nextSlot(site, '0101');
    const board = await officer('control-room');
    await board.goTo('duty');
    for (const { bed, pin } of [first, second]) {
      await wall.signInForDuty(bed, pin);
      await expect(wall.page.getByText(/已签到/).first()).toBeVisible();
      await wall.goHome();
    }
    await expect(board.button(new RegExp(`${board.say('console', 'board.cell', { cell: '0101' })} ${board.say('console', 'board.state.both')}`))).toBeVisible();
    await wall.press(wall.say('cell', 'home.roster'));
    await expect(wall.page.getByRole('heading', { name: wall.say('cell', 'roster.title') })).toBeVisible();
  });

  test('a missed slot is an alarm that rises, is answered, ended with measure and result, and reviewed', async ({ terminal, officer, clerk, site }) => {
    await terminal('0102');
    const { slot } = await nextSlot(site, '0102');
    const control = await officer('control-room');
    const guard = await officer('cell-officer');
    await site.advance(3 * MINUTE);
    for (const desk of [control, guard]) {
      await desk.openAlarm('0102');
      await desk.expectText('anomaly.NO_DUTY');
      await expect(desk.alarmStrip).toContainText(desk.say('console', 'alert.nobody'));
    }
    await site.advance(2 * MINUTE);
    await control.expectText('event.escalated');
    await control.page.keyboard.press('1');
    await expect(guard.page.getByText(guard.say('console', 'alert.state.acknowledged')).first()).toBeVisible();
    await guard.page.keyboard.press('2');
    await expect(control.page.getByText(control.say('console', 'alert.state.arrived')).first()).toBeVisible();

    const review = await (await clerk('control-room')).reviewOf('0102', slot.slot);
    await control.openItem('0102', 'duty-review', review.id);
    await control.decide('end');
    const form = control.page.getByRole('dialog');
    await expect(form.getByRole('button', { name: control.say('console', 'verdict.end') })).toBeDisabled();
    await form.getByRole('textbox', { name: control.say('console', 'decide.measure') }).fill('到场叫醒两人');
    await form.getByRole('textbox', { name: control.say('console', 'decide.result') }).fill('两人已到岗');
    await control.confirmVerdict('end');
    await site.advance(UNDO_MS);
    const { rows } = await (await clerk('leadership')).read<{ rows: { slot: string | null; state: string }[] }>('/api/duty/anomalies?cell=0102');
    // Earlier stories of the day have left anomalies of other slots.
    const ended = rows.filter((row) => row.state === 'ended' && row.slot === slot.slot);
    expect(ended).toEqual([expect.objectContaining({ measure: '到场叫醒两人', result: '两人已到岗', endedBy: expect.stringMatching(/./) })]);
    await control.goTo('records');
    await control.page.getByText(control.say('console', 'records.anomalies'), { exact: true }).click();
    await expect(control.page.getByText('两人已到岗').first()).toBeVisible();
  });

  test('a sign-in made without network is saved here, accepted once with its own time, and the alarm becomes a review', async ({
    terminal,
    officer,
    clerk,
    site,
  }) => {
    const wall = await terminal('0103');
    const { first, slot } = await nextSlot(site, '0103');
    const board = await officer('control-room');
    await wall.awaitSlot(first.bed);
    await wall.page.context().setOffline(true);
    await expect(wall.page.getByText(/没有网络/).first()).toBeVisible();
    await wall.signInForDuty(first.bed, first.pin);
    await expect(wall.page.getByText(/已保存/).first()).toBeVisible();
    await wall.expectText('duty.doneSavedNext');
    await site.advance(6 * MINUTE);
    await board.goTo('duty');
    await expect(board.button(new RegExp(`${board.say('console', 'board.cell', { cell: '0103' })} `))).toBeVisible();
    await wall.page.context().setOffline(false);
    const records = await clerk('control-room');
    const path = `/api/duty/records?cell=0103&slot=${slot.slot}`;
    type Row = { bed: number; state: string; claimedAt: string; correctedAt: string; receivedAt: string };
    await expect.poll(async () => (await records.read<{ rows: Row[] }>(path)).rows.length, { timeout: 40_000 }).toBe(1);
    const [row] = (await records.read<{ rows: Row[] }>(path)).rows;
    expect(row?.bed).toBe(first.bed);
    const corrected = Date.parse(row?.correctedAt ?? '');
    expect(corrected).toBeLessThan(Date.parse(slot.onTimeUntil));
    expect(Date.parse(row?.receivedAt ?? '')).toBeGreaterThan(Date.parse(slot.onTimeUntil));
    expect(['late-proved', 'on-time']).toContain(row?.state);
  });

  test('three wrong proofs end at an officer, and who is not of this slot is not asked at all', async ({ terminal, site }) => {
    const wall = await terminal('0104');
    const { first, second } = await nextSlot(site, '0104');
    const wrong = first.pin === '000000' ? '111111' : '000000';
    await wall.signInForDuty(first.bed, wrong);
    for (let tries = 1; tries < 3; tries += 1) {
      await wall.expectText('proof.wrong');
      await wall.typePin(wrong);
    }
    await wall.expectText('proof.locked');
    await wall.goHome();
    await wall.press(new RegExp(`${wall.say('cell', 'duty.signIn')}$`));
    const beds = site.demo.detainees.filter(({ cell }) => cell === '0104').map(({ bed }) => bed);
    for (const bed of beds) {
      const offered = wall.button(new RegExp(`^${wall.say('common', 'place.bed', { bed })}`));
      await expect(offered).toHaveCount(bed === first.bed || bed === second.bed ? 1 : 0);
    }
  });

  test('the outgoing two hand over with a note and are released by the next two', async ({ terminal, site, officer }) => {
    const wall = await terminal('0101');
    const slot = await nextSlot(site, '0101');
    for (const { bed, pin } of [slot.first, slot.second]) {
      await wall.signInForDuty(bed, pin);
      await expect(wall.page.getByText(/已签到/).first()).toBeVisible();
      await wall.goHome();
    }
    await endOfSlot(site, slot);
    await wall.press(wall.say('cell', 'home.handover'));
    await wall.press(wall.say('cell', 'handover.abnormal'));
    await wall.press(wall.say('cell', 'handover.sick'));
    await wall.press(new RegExp(`^${wall.say('common', 'place.bed', { bed: slot.first.bed })}`));
    await wall.typePin(slot.first.pin);
    await wall.expectText('handover.toldOfficer');
    await expect(wall.page.getByText(/已交班/).first()).toBeVisible();
    await wall.goHome();
    const control = await officer('control-room');
    await control.openItem('0101', 'duty-review');
    await control.expectText('anomaly.ABNORMAL_REPORT');
    for (const { bed, pin } of await peopleAfter(site, '0101', slot)) {
      await wall.signInForDuty(bed, pin);
      await expect(wall.page.getByText(/已签到/).first()).toBeVisible();
      await wall.goHome();
    }
    await site.moveTo(Date.parse(slot.slot.endsAt) + 1_000);
    await wall.press(wall.say('cell', 'home.handover'));
    await wall.press(wall.say('cell', 'handover.normal'));
    await wall.press(new RegExp(`^${wall.say('common', 'place.bed', { bed: slot.second.bed })}`));
    await wall.typePin(slot.second.pin);
    await wall.expectText('handover.released');
  });

  test('a presence prompt takes the idle screen and one press answers it', async ({ terminal, site }) => {
    const wall = await terminal('0102');
    const slot = await nextSlot(site, '0102');
    for (const { bed, pin } of [slot.first, slot.second]) {
      await wall.signInForDuty(bed, pin);
      await expect(wall.page.getByText(/已签到/).first()).toBeVisible();
      await wall.goHome();
    }
    const prompt = wall.button(new RegExp(wall.say('cell', 'presence.press')));
    // Prompts come every half hour, ten minutes more or less; each waits a minute for its answer.
    await site.advance(15 * MINUTE);
    const end = Date.parse(slot.slot.endsAt) - 5 * MINUTE;
    // Every answer of the terminal is looked at, not the page that is still being drawn: a step too many and the minute is over.
    const heard = { answers: 0, asked: false };
    wall.page.on('response', (response) => {
      if (!response.url().includes('/api/terminal/home')) return;
      void response.json().then(
        (home: TerminalHome) => Object.assign(heard, { answers: heard.answers + 1, asked: heard.asked || home.presence !== null }),
        () => undefined,
      );
    });
    while (!heard.asked && (await site.now()) < end) {
      const before = heard.answers;
      await site.advance(30_000);
      await expect.poll(() => heard.answers, { intervals: [50] }).toBeGreaterThan(before);
    }
    await prompt.tap();
    await wall.expectText('presence.done');
  });

  test('a roll call takes the idle screen, asks a second round, and the officer confirms who was seen', async ({ terminal, officer, site }) => {
    const wall = await terminal('0103');
    const control = await officer('control-room');
    await control.goTo('rollCall');
    const people = site.demo.detainees.filter(({ cell }) => cell === '0103');
    await clearOfRollCall(site);
    await control.button(control.say('console', 'rollCall.start')).click();
    const form = control.page.getByRole('dialog');
    await form.getByRole('checkbox', { name: /0103/ }).check({ force: true });
    await form.getByRole('textbox', { name: control.say('console', 'rollCall.reason') }).fill('抽查');
    await form.getByRole('button', { name: control.say('console', 'rollCall.startIn', { n: 1 }) }).click();
    await wall.expectText('rollCall.choose');
    const [one] = people;
    if (!one) throw new Error('nobody in 0103');
    await wall.press(new RegExp(`^${wall.say('common', 'place.bed', { bed: one.bed })}$`));
    await wall.typePin(one.pin);
    await wall.expectText('rollCall.done');
    await site.advance(6.2 * MINUTE);
    await expect(wall.page.getByText(wall.say('cell', 'rollCall.round', { n: 2 }))).toBeVisible();
    await expect(control.page.getByText(control.say('console', 'rollCall.round', { n: 2 })).first()).toBeVisible();
    await site.advance(6 * MINUTE);
    const card = control.page.locator('.roll-cell').filter({ hasText: '0103' }).first();
    await expect(card).toContainText(control.say('console', 'rollCall.state.missing'));
    await card.getByRole('button', { name: control.say('console', 'rollCall.confirm') }).click();
    const send = form.getByRole('button', { name: control.say('console', 'rollCall.confirmNone') });
    await expect(send).toBeDisabled();
    await form.getByRole('checkbox').first().check({ force: true });
    await form.getByRole('textbox', { name: control.say('console', 'rollCall.note') }).fill('其余的人在放风');
    await form.getByRole('button', { name: control.say('console', 'rollCall.confirmAct', { n: 1 }) }).click();
    await expect(card).toContainText(control.say('console', 'rollCall.state.confirmed'));
  });
});
