import { expect, test } from './fixtures.js';

const SECOND = 1_000;
const DAY_SECONDS = 86_400;
/** When an unanswered call is passed on, and who is new among those who are told. */
const STEPS = [
  [15, 'medical'],
  [30, 'leadership'],
  [60, 'control-room'],
  [180, 'leadership'],
] as const;

/** A busy machine runs a due job a moment late, and both times are cut to whole seconds; the very second is the server tests' to prove (ALERT6). */
const JOB_LATE_SECONDS = 3;

/** The time of day, in seconds, that a line of a history begins with. */
function secondsOf(line: string): number {
  const [, hours, minutes, seconds] = /(\d\d):(\d\d):(\d\d)/.exec(line) ?? [];
  return Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
}

test('ALARM: a call that nobody answers rises step by step; an answer without arrival rings again', async ({ terminal, officer, site }) => {
  const wall = await terminal('0204');
  const control = await officer('control-room');
  const chief = await officer('leadership');
  await wall.callBar.tap();
  await wall.expectText('emergency.calling');
  await control.openAlarm('0204');
  await site.advance(181 * SECOND);
  const rises = control.page.getByRole('listitem').filter({ hasText: control.say('console', 'event.escalatedTo', { who: '' }).trim() });
  await expect(rises).toHaveCount(STEPS.length);
  const raised = secondsOf(
    await control.page
      .getByRole('listitem')
      .filter({ hasText: control.say('console', 'event.raised') })
      .innerText(),
  );
  for (const [index, [after, role]] of STEPS.entries()) {
    const rise = await rises.nth(index).innerText();
    const late = ((secondsOf(rise) - raised + DAY_SECONDS) % DAY_SECONDS) - after;
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThanOrEqual(JOB_LATE_SECONDS);
    expect(rise).toContain(control.say('console', `role.${role}`));
  }
  await expect(chief.alarmStrip).toContainText('0204');
  await control.page.keyboard.press('1');
  await expect(chief.alarmStrip).toContainText(control.say('console', 'alert.state.acknowledged'));
  await wall.expectText('emergency.answered');

  await site.advance(5 * 60 * SECOND + SECOND);
  await expect(control.page.getByText(control.say('console', 'event.reopened')).first()).toBeVisible();
  await expect(chief.alarmStrip).toContainText(chief.say('console', 'alert.nobody'));
  await wall.expectText('emergency.calling');
  await chief.openAlarm('0204');
  await chief.page.keyboard.press('1');
  await wall.expectText('emergency.answered');
  await expect(chief.button(new RegExp(`^${chief.say('console', 'alert.arriveCell', { cell: '0204' })}`))).toBeVisible();
  await chief.page.keyboard.press('2');
  await expect(control.page.getByText(control.say('console', 'alert.state.arrived')).first()).toBeVisible();
  await wall.expectText('emergency.arrived');

  // How many alarms each officer had is told, and the alarms behind the number are one press away.
  await chief.goTo('records');
  await chief.page.getByRole('radio', { name: chief.say('console', 'load.title') }).click();
  await chief.page
    .getByRole('grid', { name: chief.say('console', 'load.title') })
    .getByRole('rowheader')
    .first()
    .click();
  await chief.page.getByRole('dialog').getByRole('link', { name: /0204/ }).first().click();
  await expect(chief.page).toHaveURL(/\/alerts\//);
  await expect(chief.page.getByRole('heading', { level: 1 })).toContainText('0204');
});
