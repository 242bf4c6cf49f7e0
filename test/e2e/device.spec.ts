import type { Browser } from '@playwright/test';
import type { Site } from '../support/site.js';
import type { Clerk } from './clerk.js';
import { expect, test, touchContext, UNDO_MS, watched } from './fixtures.js';
import { CellTerminal } from './pages/cell-terminal.js';

/** A terminal of cell 0102 that loses its power as soon as it is in service. */
async function leaveSilent(browser: Browser, site: Site, admin: Clerk): Promise<void> {
  const context = await touchContext(browser);
  const { url } = await site.enrolment('cell:0102');
  const wall = await CellTerminal.enrol(await watched(context), url);
  await admin.confirmDevice('0102', await wall.checkValue());
  await site.advance(UNDO_MS);
  await wall.arriveHome();
  await context.close();
}

test.describe('DEVICE: only a terminal that an officer has compared may speak', () => {
  test.describe.configure({ mode: 'serial' });

  test('a wrong check value is refused, the right one lets it in, and an ended terminal says so', async ({ browser, officer, clerk, site }) => {
    await leaveSilent(browser, site, await clerk('system-admin'));
    const context = await touchContext(browser);
    const { url } = await site.enrolment('cell:0101');
    const wall = await CellTerminal.enrol(await watched(context), url);
    const value = await wall.checkValue();
    const admin = await officer('system-admin');
    await admin.openItem('0101', 'device-enrolment');
    await expect(admin.page.getByText(value)).toHaveCount(0);
    await admin.decide('approve');
    const form = admin.page.getByRole('dialog');
    await form.getByRole('textbox', { name: admin.say('console', 'decide.checkValue') }).fill(value === '000000' ? '111111' : '000000');
    await admin.confirmVerdict('approve');
    await expect(admin.page.getByText(admin.say('refusal', 'CHECK_VALUE_DIFFERENT'))).toBeVisible();
    await admin.confirmDevice('0101', value);
    await site.advance(UNDO_MS);
    await wall.arriveHome();
    await admin.goTo('devices');
    await expect(admin.page.getByText('0101').first()).toBeVisible();
    await (await clerk('system-admin')).emptyPlaces(['cell:0101']);
    await wall.expectText('enrol.revoked', {}, 45_000);
    await context.close();
  });

  test('a terminal that falls silent is amber after a minute and red after five', { tag: '@long' }, async ({ clerk, site }) => {
    const level = async () => {
      const { alerts } = await (await clerk('control-room')).read<{ alerts: { kind: string; level: string; cell: string | null; place: string | null }[] }>(
        '/api/alerts/open',
      );
      return alerts.find(({ kind, cell, place }) => kind === 'device-silent' && (cell === '0102' || place === 'cell:0102'))?.level;
    };
    // The clock of the demonstration takes along whoever was heard within the last minute, so this minute is a real one.
    await expect.poll(level, { timeout: 90_000, intervals: [2_000] }).toBe('medium');
    await site.advance(5 * 60_000);
    await expect.poll(level).toBe('high');
    await (await clerk('system-admin')).emptyPlaces();
  });

  test('a terminal moves to another place, and the machine that replaces it ends it', async ({ browser, officer, clerk, site }) => {
    const enrolled = async (cell: string, url: string) => {
      const wall = await CellTerminal.enrol(await watched(await touchContext(browser)), url);
      await (await clerk('system-admin')).confirmDevice(cell, await wall.checkValue());
      await site.advance(UNDO_MS);
      await wall.whenInService();
      return wall;
    };
    const old = await enrolled('0203', (await site.enrolment('cell:0203')).url);
    const admin = await officer('system-admin');
    await admin.goTo('devices');
    const row = (place: string) =>
      admin.page
        .getByRole('row')
        .filter({ hasText: place })
        .filter({ hasText: admin.say('console', 'device.state.active') })
        .getByRole('rowheader');
    await row('0203').click();
    await admin.button(admin.say('console', 'device.move')).click();
    const aside = admin.page.getByRole('complementary', { name: admin.say('console', 'device.title') });
    await admin.find(aside, admin.say('console', 'device.cell'), '0204');
    await aside.getByRole('textbox', { name: admin.say('console', 'people.reason') }).fill('监室调整');
    await aside.getByRole('button', { name: /^移到/ }).click();
    await expect(old.page.getByText(old.say('common', 'place.cell', { cell: '0204' }))).toBeVisible();

    await row('0204').click();
    await admin.button(admin.say('console', 'device.replace')).click();
    const dialog = admin.page.getByRole('dialog');
    await dialog.getByRole('button', { name: admin.say('console', 'device.makeCode') }).click();
    const url = await dialog.locator('code').innerText();
    await dialog.getByRole('button', { name: admin.say('common', 'action.close') }).click();
    const wall = await enrolled('0204', url);
    await old.expectText('enrol.revoked', {}, 45_000);
    for (const { page } of [old, wall]) await page.context().close();
    await (await clerk('system-admin')).emptyPlaces();
  });
});
