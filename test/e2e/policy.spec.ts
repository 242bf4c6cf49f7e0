import { defaultPolicy, type policyCurrent, type ResponseOf } from '@sallyport/contracts';
import { siteTime } from '@sallyport/basics';
import { expect, test } from './fixtures.js';
import { expectAccessible } from './pages/accessible.js';

type Policy = ResponseOf<typeof policyCurrent>;
const HOUR = 3_600_000;

test('POLICY: a change needs a reason and a date, and holds from its date on', async ({ officer, clerk, site }) => {
  const reader = await clerk('leadership');
  const read = () => reader.read<Policy>('/api/policy');
  const before = await read();
  const desk = await officer('leadership');
  await desk.goTo('policy');
  const sections = desk.page.getByRole('navigation', { name: desk.say('console', 'policy.title') });
  await sections.getByText(desk.say('console', 'policy.section.work'), { exact: true }).click();
  await desk.button(desk.say('console', 'policy.edit')).click();
  await expectAccessible(desk.page);
  const lease = desk.page.getByRole('textbox', { name: desk.say('console', 'policy.field.leaseSeconds') });
  await lease.fill('120');
  await lease.press('Tab');
  await desk.expectText('policy.changes', { n: 1 });
  await desk.button(desk.say('console', 'policy.review')).click();
  const dialog = desk.page.getByRole('dialog');
  const save = dialog.getByRole('button', { name: desk.say('console', 'policy.save') });
  await expect(save).toBeDisabled();
  await dialog.getByRole('textbox', { name: desk.say('console', 'policy.reason') }).fill('民警反映时间太短');
  await desk.choose(dialog, desk.say('console', 'policy.when'), desk.say('console', 'policy.later'));
  await expect(save).toBeDisabled();
  const from = (await site.now()) + 2 * HOUR;
  const { date, minute } = siteTime(from, defaultPolicy.site.timeZone);
  const clock = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  await dialog
    .getByRole('group', { name: desk.say('console', 'policy.whenAt') })
    .getByRole('spinbutton')
    .first()
    .click();
  await desk.page.keyboard.type(`${date}${clock}`.replaceAll(/\D/g, ''));
  await save.click();
  await desk.expectText('policy.saved', { n: before.current + 1 });
  expect((await read()).document.work.leaseSeconds).toBe(before.document.work.leaseSeconds);
  const { outcome, code } = await reader.act('policy.change', {
    document: before.document,
    basedOn: before.current,
    reason: '再改一次',
    effectiveFrom: new Date(from).toISOString(),
  });
  expect([outcome, code]).toEqual(['refused', 'POLICY_OUTDATED']);

  await site.moveTo(from + 1_000);
  expect((await read()).document.work.leaseSeconds).toBe(120);
  await desk.page.reload();
  await desk.expectText('policy.inForce', { n: before.current + 1 });
  await sections.getByText(desk.say('console', 'policy.history'), { exact: true }).click();
  await expect(desk.page.getByText('民警反映时间太短')).toBeVisible();
});
