import { stepUpPath } from '@sallyport/contracts';
import { inviteOfficer } from './accounts.js';
import { expect, test } from './fixtures.js';
import { HandKey } from './key.js';

const MINUTE = 60_000;

test('ACCESS: a sensitive act asks for a fresh proof once the first is old, and the last security administrator stays', async ({ officer, site }) => {
  const admin = await officer('security-admin');
  await HandKey.insert(admin.page);
  await admin.goTo('accounts');
  await admin.button(admin.say('console', 'access.addPasskey')).click();
  await admin.expectText('access.registered');
  await site.advance(20 * MINUTE);
  const proofs: string[] = [];
  admin.page.on('request', (request) => request.url().endsWith(stepUpPath) && proofs.push(request.url()));
  await inviteOfficer(admin.page, admin.say, '测试警官', `T${Date.now() % 1_000_000}`);
  expect(proofs).toHaveLength(1);
  const own = admin.page.getByRole('row').filter({ hasText: admin.say('console', 'role.security-admin') });
  await own
    .filter({ hasText: admin.say('console', 'access.state.active') })
    .first()
    .getByRole('rowheader')
    .click();
  const dialog = admin.page.getByRole('dialog');
  await dialog.getByRole('tab', { name: admin.say('console', 'access.disable') }).click();
  await dialog.getByRole('textbox', { name: admin.say('console', 'access.reason') }).fill('离岗');
  await dialog.getByRole('button', { name: /^确认停用/ }).click();
  await expect(dialog.getByText(admin.say('refusal', 'LAST_SECURITY_ADMIN'))).toBeVisible();
});
