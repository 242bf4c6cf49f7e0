import { addDays, mondayOf, siteTime } from '@sallyport/basics';
import { defaultPolicy, type RosterView, type WorkDetail } from '@sallyport/contracts';
import type { Site } from '../support/site.js';
import type { Clerk } from './clerk.js';
import { expect, test } from './fixtures.js';
import type { Console } from './pages/console.js';

/** A roster of a later week is a routine item: nothing about it changes by itself while the story runs. */
async function submitRoster(site: Site, clerk: Clerk, cell: string, weeksAhead: number): Promise<WorkDetail> {
  const week = addDays(mondayOf(siteTime(await site.now(), defaultPolicy.site.timeZone).date), 7 * weeksAhead);
  const { version } = await clerk.read<RosterView>(`/api/duty/rosters/${cell}/${week}`);
  const proposed = await clerk.act('duty.propose-roster', { cell, week, seenVersion: version });
  expect(proposed.outcome, proposed.code).toBe('accepted');
  const handed = await clerk.act('duty.submit-roster', { rosterId: proposed.result?.['rosterId'], seenVersion: proposed.result?.['version'] });
  expect(handed.outcome, handed.code).toBe('accepted');
  const [row] = await clerk.waiting('roster-approval', cell);
  return clerk.read<WorkDetail>(`/api/work-items/${row?.id}`);
}

async function opened(desk: Console, cell: string): Promise<Console> {
  await desk.openItem(cell, 'roster-approval');
  return desk;
}

test.describe('WORK: the one queue', () => {
  test('two officers decide one item at once: one verdict stands and the other sees whose and when', async ({ officer, clerk, site }) => {
    const desk = await clerk('control-room');
    const { id } = await submitRoster(site, desk, '0101', 2);
    const one = await opened(await officer('control-room'), '0101');
    const other = await opened(await officer('leadership'), '0101');
    await Promise.all([one.page.keyboard.press('1'), other.page.keyboard.press('1')]);
    await expect.poll(async () => (await desk.read<WorkDetail>(`/api/work-items/${id}`)).state).toBe('decided');
    const { history, decision } = await desk.read<WorkDetail>(`/api/work-items/${id}`);
    expect(history.filter(({ what }) => what.startsWith('verdict-'))).toHaveLength(1);
    const undo = one.say('common', 'action.undo');
    const winner = (await one.button(new RegExp(`^${undo}`)).isVisible()) ? one : other;
    const loser = winner === one ? other : one;
    await expect(winner.button(new RegExp(`^${undo}`))).toBeVisible();
    await expect(loser.page.getByText(new RegExp(`${decision?.by}.*${loser.say('console', 'verdictDone.approve')}`)).first()).toBeVisible();
    await expect(loser.button(new RegExp(`^${undo}`))).toHaveCount(0);
  });

  test('a claimed item is closed to others until one of them takes it over and says why', async ({ officer, clerk, site }) => {
    await submitRoster(site, await clerk('control-room'), '0102', 3);
    const one = await opened(await officer('control-room'), '0102');
    const other = await opened(await officer('leadership'), '0102');
    await one.page.keyboard.press('c');
    await expect(other.button(other.say('console', 'claim.takeOver'))).toBeVisible();
    await expect(other.button(new RegExp(`^${other.say('console', 'verdict.approve')}`))).toBeDisabled();
    await other.button(other.say('console', 'claim.takeOver')).click();
    const form = other.page.getByRole('dialog');
    await form.getByRole('textbox', { name: other.say('console', 'claim.takeOverWhy') }).fill('王警官去开会了');
    await form.getByRole('button', { name: other.say('console', 'claim.takeOver') }).click();
    await expect(other.button(new RegExp(`^${other.say('console', 'verdict.approve')}`))).toBeEnabled();
    await expect(one.button(new RegExp(`^${one.say('console', 'verdict.approve')}`))).toBeDisabled();
    await expect(one.page.getByText('王警官去开会了').first()).toBeVisible();
  });

  test('two keys decide a routine item, a third takes the verdict back within its ten seconds', async ({ officer, clerk, site }) => {
    const desk = await clerk('control-room');
    const { id } = await submitRoster(site, desk, '0103', 4);
    const one = await officer('leadership');
    await one.goTo('queue');
    const row = one.button(new RegExp(`0103.*${one.say('console', 'kind.roster-approval')}`)).first();
    await expect(row).toBeVisible();
    const state = async () => (await desk.read<WorkDetail>(`/api/work-items/${id}`)).state;
    await one.page.getByRole('main').focus();
    // One step at a time: a key that is pressed before the last one shows goes past the row.
    const place = () => one.page.locator('[id^="work-"]').evaluateAll((rows) => rows.findIndex((each) => each.getAttribute('aria-current') === 'true'));
    while ((await row.getAttribute('aria-current')) !== 'true') {
      const before = await place();
      await one.page.keyboard.press('ArrowDown');
      await expect.poll(place).not.toBe(before);
    }
    await expect(one.button(new RegExp(`^${one.say('console', 'verdict.approve')}`))).toBeEnabled();
    await one.page.keyboard.press('1');
    await expect.poll(state).toBe('decided');
    await one.page.keyboard.press('z');
    await expect.poll(state).not.toBe('decided');
    await expect(row).toBeVisible();
  });

  test('the queue is searched from the keyboard, and a filter is kept for the officer', async ({ officer, clerk, site }) => {
    const desk = await clerk('control-room');
    await submitRoster(site, desk, '0104', 5);
    await submitRoster(site, desk, '0204', 5);
    const one = await officer('leadership');
    await one.goTo('queue');
    const rows = one.page.locator('.queue-row');
    const others = rows.filter({ hasNotText: '0104' });
    await expect(rows.filter({ hasText: '0104' }).first()).toBeVisible();
    await expect(others.first()).toBeVisible();
    await one.page.keyboard.press('/');
    await one.page.keyboard.type('0104');
    await expect(others).toHaveCount(0);
    await expect(rows.first()).toBeVisible();
    await one.button(one.say('console', 'queue.saveFilter')).click();
    const dialog = one.page.getByRole('dialog');
    await dialog.getByRole('textbox').fill('四监');
    await dialog.getByRole('button', { name: one.say('console', 'queue.saveFilter') }).click();
    await expect(dialog).toBeHidden();
    await one.page.reload();
    await expect(others.first()).toBeVisible();
    await one.page.getByRole('radio', { name: '★ 四监' }).click();
    await expect(others).toHaveCount(0);
    await one.button(one.say('console', 'queue.dropFilter')).click();
    await expect(one.page.getByRole('radio', { name: '★ 四监' })).toHaveCount(0);
    await expect(others.first()).toBeVisible();
  });
});
