import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Site, startSite } from '../support/site.js';
import { nextSlot, slotsFrom } from './change-over.js';
import { Clerk } from './clerk.js';
import { expect, test, touchContext, UNDO_MS, watched } from './fixtures.js';
import { CellTerminal } from './pages/cell-terminal.js';

/** Twenty hours of two-hour slots. */
const SLOTS = 10;
const CELL = '0103';
/** After it the board says how a cell stands in a slot. */
const LATE_MS = 4 * 60_000;
/** The clock of the demonstration takes along whoever was heard within the last minute; a cut wall is to stay behind. */
const LATELY_MS = 60_000;

/** Distinct values in the order in which they came first. */
function firsts(values: readonly number[]): number[] {
  return [...new Set(values)];
}

test.describe('OFFLINE: a long cut', () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'sp-cut-'));
  let site: Site;
  test.beforeAll(async () => {
    site = await startSite({ dataDir });
  });
  test.afterAll(async () => {
    await site?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('twenty sign-ins, the server gone meanwhile, arrive in their order, each once, and accuse nobody', { tag: '@long' }, async ({ browser }) => {
    test.setTimeout(300_000);
    const context = await touchContext(browser);
    const page = await watched(context);
    await page.clock.install();
    const wall = await CellTerminal.enrol(page, (await site.enrolment(`cell:${CELL}`)).url);
    await (await Clerk.signIn(site, 'system-admin')).confirmDevice(CELL, await wall.checkValue());
    await site.advance(UNDO_MS);
    await wall.whenInService();
    const { slot, first, second } = await nextSlot(site, CELL);
    await wall.awaitSlot(first.bed, second.bed);
    const slots = await slotsFrom(site, CELL, slot.slot, SLOTS);
    const starts = slots.map(({ startsAt }) => Date.parse(startsAt));
    const ahead = (await site.now()) - (await page.evaluate(() => Date.now()));
    const wallNow = async () => (await page.evaluate(() => Date.now())) + ahead;
    await site.stop();
    const stoppedAt = Date.now();
    await expect(page.getByText(/没有网络/).first()).toBeVisible({ timeout: 40_000 });
    for (const [index, { people }] of slots.entries()) {
      // From where the wall's clock stands, and not two hours each time: however slow the fingers are, nobody may come late.
      if (index > 0) await page.clock.fastForward((starts[index] ?? 0) + 1_000 - (await wallNow()));
      const [one, other] = people;
      if (!one || !other) throw new Error('a seat is empty');
      // Step by step, because the same three screens need no look at their accessibility ten times.
      await wall.openDuty(one.bed);
      await wall.press(new RegExp(`^${wall.say('common', 'place.bed', { bed: one.bed })}`));
      await wall.typePin(one.pin);
      await wall.press(wall.say('cell', 'duty.signOther', { bed: other.bed }));
      await wall.typePin(other.pin);
      await wall.expectText('duty.bothDone');
      await wall.press(wall.say('common', 'nav.home'));
    }
    await expect(page.getByText(wall.say('cell', 'outbox.count', { n: 2 * SLOTS }))).toBeVisible();

    // The server is there again, its clock as late as the wall's, before the first word of the wall reaches it: it has waited for the last two in vain.
    await context.setOffline(true);
    await page.clock.fastForward(LATE_MS);
    await expect.poll(() => Date.now() - stoppedAt, { timeout: LATELY_MS + 5_000 }).toBeGreaterThan(LATELY_MS);
    site = await startSite({ dataDir, port: site.port });
    await site.moveTo(await wallNow());
    const reader = await Clerk.signIn(site, 'control-room');
    expect((await reader.boardCell(CELL)).state).toBe('offline');
    const sent: number[] = [];
    context.on('request', (request) => {
      if (!request.url().endsWith('/api/commands')) return;
      const { commands } = request.postDataJSON() as { commands: { kind: string; seq: number }[] };
      sent.push(...commands.filter(({ kind }) => kind === 'duty.sign-in').map(({ seq }) => seq));
    });
    await context.setOffline(false);
    const signed = async () => {
      const answers = await Promise.all(
        slots.map(({ slot: key }) => reader.read<{ rows: { bed: number; slot: string }[] }>(`/api/duty/records?cell=${CELL}&slot=${key}`)),
      );
      return answers.flatMap(({ rows }) => rows.map(({ slot: key, bed }) => `${key} ${bed}`)).toSorted();
    };
    await expect.poll(async () => (await signed()).length, { timeout: 60_000 }).toBe(2 * SLOTS);
    expect(await signed()).toEqual(slots.flatMap(({ slot: key, people }) => people.map(({ bed }) => `${key} ${bed}`)).toSorted());
    expect(firsts(sent)).toEqual(firsts(sent.toSorted((a, b) => a - b)));
    const { alerts } = await reader.read<{ alerts: { cell: string | null; title: string }[] }>('/api/alerts/open');
    expect(alerts.filter(({ cell, title }) => cell === CELL && /NO_DUTY|SOLO_DUTY|LATE/.test(title))).toEqual([]);
    await context.close();
  });
});
