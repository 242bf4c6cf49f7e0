import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type BrowserContext, chromium } from '@playwright/test';
import { CHROMIUM_ARGS, systemChromium } from '../support/chromium.js';
import { nextSlot } from './change-over.js';
import { CELL_PANEL, expect, test, UNDO_MS, watched } from './fixtures.js';
import { CellTerminal } from './pages/cell-terminal.js';

/** A browser whose profile lies in a folder, so that it can be closed and started again like a terminal that lost its power. */
async function browserAt(folder: string): Promise<BrowserContext> {
  const executablePath = systemChromium();
  return chromium.launchPersistentContext(folder, {
    args: CHROMIUM_ARGS,
    viewport: CELL_PANEL,
    hasTouch: true,
    locale: 'zh-CN',
    timezoneId: 'UTC',
    ...(executablePath && { executablePath }),
  });
}

/** The kinds of the commands that a page sends, in the order of sending. */
function sentKinds(context: BrowserContext): string[] {
  const kinds: string[] = [];
  context.on('request', (request) => {
    if (!request.url().endsWith('/api/commands')) return;
    const { commands } = request.postDataJSON() as { commands: { kind: string }[] };
    kinds.push(...commands.map(({ kind }) => kind));
  });
  return kinds;
}

/** So far ahead is the site's clock of the machine's: the wall must know it over a start with no network. */
const AHEAD_MS = 7 * 60 * 60_000;

test.describe('OFFLINE: the wall works alone', () => {
  test('it starts with no network, keeps what was saved over a lost power, calls honestly, and sends the call first', async ({ site, clerk }) => {
    await site.advance(AHEAD_MS);
    const folder = mkdtempSync(path.join(tmpdir(), 'sp-wall-'));
    let context = await browserAt(folder);
    const { url } = await site.enrolment('cell:0104');
    const enrolled = await CellTerminal.enrol(await watched(context), url);
    await (await clerk('system-admin')).confirmDevice('0104', await enrolled.checkValue());
    await site.advance(UNDO_MS);
    await enrolled.arriveHome();
    const { first, second, slot } = await nextSlot(site, '0104');
    await enrolled.awaitSlot(first.bed, second.bed);
    await enrolled.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await expect.poll(() => enrolled.page.evaluate(async () => (await caches.keys()).length)).toBeGreaterThan(0);
    const { origin } = new URL(enrolled.page.url());

    await context.setOffline(true);
    await enrolled.page.reload();
    await enrolled.arriveHome();
    await enrolled.signInForDuty(first.bed, first.pin);
    await enrolled.expectText('duty.doneSavedNext');
    await context.close();

    context = await browserAt(folder);
    await context.setOffline(true);
    const page = await watched(context);
    await page.goto(origin);
    const wall = await CellTerminal.at(page);
    await wall.arriveHome();
    await expect(page.getByText(wall.say('cell', 'outbox.count', { n: 1 }))).toBeVisible();
    await expect(page.getByText(new RegExp(`${wall.say('common', 'offline.badge')} · `))).toBeVisible();
    await wall.signInForDuty(second.bed, second.pin);
    await wall.expectText('duty.doneSavedNext');
    await wall.goHome();
    await wall.callBar.tap();
    await wall.expectText('emergency.offline');
    await expect(page.getByText(/已存/).first()).toBeVisible();

    const kinds = sentKinds(context);
    await context.setOffline(false);
    const records = await clerk('control-room');
    const rows = async () => (await records.read<{ rows: { bed: number; state: string }[] }>(`/api/duty/records?cell=0104&slot=${slot.slot}`)).rows;
    await expect.poll(async () => (await rows()).length, { timeout: 60_000 }).toBe(2);
    expect(kinds[0]).toBe('alert.call');
    expect((await rows()).map(({ bed }) => bed).toSorted()).toEqual([first.bed, second.bed].toSorted());
    const { alerts } = await records.read<{ alerts: { kind: string; cell: string | null }[] }>('/api/alerts/open');
    expect(alerts.filter(({ kind, cell }) => kind === 'emergency-call' && cell === '0104')).toHaveLength(1);
    await context.close();
    rmSync(folder, { recursive: true, force: true });
    await (await clerk('system-admin')).emptyPlaces();
    await records.endAlarms();
  });
});
