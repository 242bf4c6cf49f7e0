import { expect, test } from './fixtures.js';

test('CONSOLE: an address that leads nowhere, and a night that is none, are told with a way on', async ({ officer }) => {
  const desk = await officer('control-room');
  const origin = new URL(desk.page.url()).origin;
  await desk.page.goto(`${origin}/no/such/page`);
  await desk.expectText('page.none');
  await desk.button(desk.say('console', 'page.home')).click();
  await expect(desk.page.getByRole('heading', { level: 1 })).toHaveText(desk.say('console', 'queue.title'));
  await desk.page.goto(`${origin}/night/2026-02-31`);
  await desk.expectText('night.badDate');
  await desk.button(desk.say('console', 'night.before')).click();
  await expect(desk.page).toHaveURL(/\/night\/\d{4}-\d{2}-\d{2}$/);
  await expect(desk.page.getByText(desk.say('console', 'night.badDate'))).toHaveCount(0);
});
