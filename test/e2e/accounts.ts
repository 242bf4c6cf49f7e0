import type { Page } from '@playwright/test';
import type { Words } from './words.js';

/** Makes a new officer of block 02 on the page of accounts, which is open; returns the one-time link as the administrator sees it. */
export async function inviteOfficer(page: Page, say: Words, name: string, staffNo: string): Promise<string> {
  await page
    .getByRole('button', { name: say('console', 'access.create') })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: say('console', 'access.name') }).fill(name);
  await dialog.getByRole('textbox', { name: say('console', 'access.staffNo') }).fill(staffNo);
  await dialog.getByRole('textbox', { name: say('console', 'access.blocks') }).fill('02');
  await dialog.getByRole('textbox', { name: say('console', 'access.reason') }).fill('新到岗');
  await dialog.getByRole('button', { name: say('console', 'access.createAct') }).click();
  const link = await dialog.locator('code').innerText();
  await dialog.getByRole('button', { name: say('common', 'action.close') }).click();
  return link;
}
