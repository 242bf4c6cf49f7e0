import { nextSlot } from './change-over.js';
import { expect, test } from './fixtures.js';

/** All that the page holds and keeps: what is drawn, what assistive technology reads, what is stored in clear. */
async function everything(page: import('@playwright/test').Page): Promise<string> {
  const stored = await page.evaluate(async () => {
    const databases = await indexedDB.databases();
    const rows: unknown[] = [];
    for (const { name } of databases) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opened = indexedDB.open(name ?? '');
        opened.onsuccess = () => resolve(opened.result);
        opened.onerror = () => reject(new Error('the store does not open'));
      });
      for (const store of database.objectStoreNames) {
        const asked = database.transaction(store).objectStore(store).getAll();
        rows.push(await new Promise((resolve) => (asked.onsuccess = () => resolve(asked.result))));
      }
      database.close();
    }
    return `${JSON.stringify(rows)} ${JSON.stringify({ ...localStorage })} ${JSON.stringify({ ...sessionStorage })} ${document.documentElement.outerHTML} ${location.href} ${JSON.stringify(history.state)}`;
  });
  return `${stored} ${await page.locator('body').ariaSnapshot()}`;
}

test('privacy: after a person has gone nothing of theirs is on the page or in its stores, and the idle screen names nobody', async ({ terminal, site }) => {
  const wall = await terminal('0203');
  const { first } = await nextSlot(site, '0203');
  const names = site.demo.detainees.filter(({ cell }) => cell === '0203').flatMap(({ name, number }) => [name, number]);
  await wall.signInForDuty(first.bed, first.pin);
  await wall.goHome();
  const held = await everything(wall.page);
  expect(held).not.toContain(first.pin);
  expect(names.filter((name) => held.includes(name))).toEqual([]);
});

test('privacy: a page that somebody walked away from is covered, then closed', async ({ terminal, site }) => {
  const wall = await terminal('0204');
  const { first } = await nextSlot(site, '0204');
  await wall.openDuty(first.bed);
  await wall.page.clock.install();
  await wall.press(new RegExp(`^${wall.say('common', 'place.bed', { bed: first.bed })}`));
  await wall.page.getByRole('button', { name: '1', exact: true }).tap();
  await wall.page.clock.runFor(46_000);
  await expect(wall.page.getByText(wall.say('common', 'idle.ask'))).toBeVisible();
  await expect(wall.page.getByRole('button', { name: '1', exact: true })).toBeHidden();
  await wall.page.clock.runFor(21_000);
  await expect(wall.page.getByText(wall.say('common', 'idle.ask'))).toBeHidden();
  await expect(wall.page.getByRole('button', { name: '1', exact: true })).toBeHidden();
  await expect(wall.callBar).toBeVisible();
});
