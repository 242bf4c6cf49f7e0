import { addDays, mondayOf, siteTime } from '@sallyport/basics';
import { defaultPolicy, type RosterConflict, type RosterView, rosterCheckPath } from '@sallyport/contracts';
import type { Locator } from '@playwright/test';
import type { Site } from '../support/site.js';
import type { Clerk } from './clerk.js';
import { expect, test, UNDO_MS } from './fixtures.js';
import type { Console } from './pages/console.js';

/** Other stories move and release people: a roster that waits to be mended for that is no ground for this one. */
const CELLS = ['0202', '0203', '0201', '0204'];

async function today(site: Site): Promise<string> {
  return siteTime(await site.now(), defaultPolicy.site.timeZone).date;
}

/** A seat of the grid: days across, slots down; a slot before the first start of the week belongs to the night before. */
function seatOf(desk: Console, view: RosterView, slot: string, seat: 0 | 1): Locator {
  const [date = '', time = ''] = slot.split('T');
  const day = time < (view.slots[0]?.slot.slice(11) ?? '') ? addDays(date, -1) : date;
  const column = Math.round((Date.parse(day) - Date.parse(view.week)) / 86_400_000);
  const row = desk.page.locator('table.roster tbody tr').filter({ has: desk.page.getByRole('rowheader', { name: new RegExp(`^${time}`) }) });
  return row.locator('td').nth(column).getByRole('button').nth(seat);
}

/** Two seats whose exchange would let somebody serve two slots running: the person of the first already serves beside the second. */
function clash({ slots }: RosterView): { from: string; to: string } {
  for (const [index, { slot: from, people, locked }] of slots.entries()) {
    if (locked) continue;
    const again = slots.findIndex(({ people: later }, at) => at > index + 2 && at < slots.length - 1 && later.includes(people[0] ?? ''));
    const beside = slots[again + 1];
    if (again > 0 && beside && beside.people.length === 2) return { from, to: beside.slot };
  }
  throw new Error('nobody serves twice in this week');
}

/** The first cell whose rosters of these weeks break no hard rule. */
async function soundCell(reader: Clerk, weeks: readonly string[]): Promise<string> {
  for (const cell of CELLS) {
    const views = await Promise.all(weeks.map((week) => reader.read<RosterView>(`/api/duty/rosters/${cell}/${week}`)));
    if (views.every(({ conflicts }) => conflicts.every(({ severity }) => severity !== 'hard'))) return cell;
  }
  throw new Error('every roster has to be mended first');
}

/** A slot of a day and the bed of somebody who can take its second seat without breaking a hard rule, by the server's own check. */
async function replacement(reader: Clerk, { cell, week, slots, people }: RosterView, day: string): Promise<{ slot: string; bed: number }> {
  for (const { slot, people: seated } of slots.filter((one) => one.slot.startsWith(day) && !one.locked)) {
    for (const { id, bed } of people.filter((person) => person.exclusions.length === 0 && !seated.includes(person.id))) {
      const planned = slots.map((one) => ({ slot: one.slot, people: one.slot === slot ? [...one.people.slice(0, 1), id] : one.people }));
      const { conflicts } = await reader.ask<{ conflicts: RosterConflict[] }>(rosterCheckPath, { cell, week, slots: planned });
      if (conflicts.every(({ severity }) => severity !== 'hard')) return { slot, bed };
    }
  }
  throw new Error(`nobody else can serve in ${cell} on ${day}`);
}

async function opened(desk: Console, cell: string, week: string, steps: number): Promise<void> {
  await desk.goTo('roster');
  await desk.find(desk.page.getByRole('main'), desk.say('console', 'roster.cell'), cell);
  for (let step = 0; step < steps; step += 1) await desk.button(desk.say('console', 'roster.nextWeek')).click();
  await expect(desk.page).toHaveURL(new RegExp(`/roster/${cell}/${week}`));
  await expect(desk.page.locator('table.roster')).toBeVisible();
}

test.describe('ROSTER: made by one officer, approved by another, seen on the wall', () => {
  test('a swap that does not go is told before saving; one that goes is approved and stands on the wall', async ({ terminal, officer, clerk, site }) => {
    const date = await today(site);
    const week = mondayOf(date);
    const reader = await clerk('control-room');
    const cell = await soundCell(reader, [week, addDays(week, 7)]);
    const wall = await terminal(cell);
    const view = await reader.read<RosterView>(`/api/duty/rosters/${cell}/${addDays(week, 7)}`);
    const desk = await officer('control-room');
    await opened(desk, cell, addDays(week, 7), 1);
    const { from, to } = clash(view);
    await seatOf(desk, view, from, 0).click();
    await desk.page.keyboard.press('s');
    await seatOf(desk, view, to, 0).click();
    const conflicts = desk.page.locator('.roster-conflict[data-severity="hard"]');
    await expect(conflicts.first()).toBeVisible();
    await expect(desk.button(/^提交（先解决/)).toBeDisabled();
    await desk.page.keyboard.press('z');
    await expect(conflicts).toHaveCount(0);
    expect((await reader.read<RosterView>(`/api/duty/rosters/${cell}/${addDays(week, 7)}`)).version).toBe(view.version);

    // Somebody who may serve then takes a seat of tomorrow.
    const tomorrow = addDays(date, 1);
    const near = await reader.read<RosterView>(`/api/duty/rosters/${cell}/${mondayOf(tomorrow)}`);
    if (mondayOf(tomorrow) === week) await desk.button(desk.say('console', 'roster.previousWeek')).click();
    const { slot, bed: taken } = await replacement(reader, near, tomorrow);
    await seatOf(desk, near, slot, 1).click();
    const candidates = desk.page.getByRole('list', { name: desk.say('console', 'roster.candidates') });
    await candidates.getByRole('button', { name: new RegExp(`^${String(taken).padStart(2, '0')}`) }).click();
    await expect(desk.page.getByText(desk.say('console', 'roster.checking'))).toHaveCount(0);
    await expect(conflicts).toHaveCount(0);
    await desk.page.getByRole('textbox', { name: desk.say('console', 'roster.why') }).fill('家属请求');
    await desk.button(new RegExp(`^${desk.say('console', 'roster.submit')}`)).click();
    await expect(desk.page.getByText(desk.say('console', 'roster.state.submitted')).first()).toBeVisible();

    const chief = await officer('leadership');
    await chief.openItem(cell, 'roster-approval');
    await expect(chief.page.getByText('家属请求')).toBeVisible();
    await chief.page.keyboard.press('1');
    await expect(chief.button(new RegExp(`^${chief.say('common', 'action.undo')}`))).toBeVisible();
    await site.advance(UNDO_MS);
    await wall.press(wall.say('cell', 'home.roster'));
    await wall.press(wall.say('cell', 'roster.tomorrow'));
    const line = wall.page.getByRole('list', { name: wall.say('cell', 'roster.title') }).getByRole('listitem');
    await expect(line.filter({ hasText: `${slot.slice(11)}–` })).toContainText(new RegExp(`(?<!\\d)${taken}(?!\\d)`));
  });

  test('a week is copied from the one before, or proposed anew without a conflict, and handed in', async ({ officer, clerk, site }) => {
    const week = addDays(mondayOf(await today(site)), 14);
    const reader = await clerk('control-room');
    const cell = await soundCell(reader, [addDays(week, -7)]);
    const desk = await officer('control-room');
    await opened(desk, cell, week, 2);
    const before = await reader.read<RosterView>(`/api/duty/rosters/${cell}/${addDays(week, -7)}`);
    await desk.button(new RegExp(`^${desk.say('console', 'roster.copy')}`)).click();
    await expect(desk.page.getByText(desk.say('console', 'roster.state.draft')).first()).toBeVisible();
    const copied = await reader.read<RosterView>(`/api/duty/rosters/${cell}/${week}`);
    const people = (view: RosterView) => new Map(view.slots.map(({ slot, people: two }) => [`${new Date(slot).getDay()} ${slot.slice(11)}`, [...two].sort()]));
    const same = [...people(copied)].filter(([key, two]) => JSON.stringify(people(before).get(key)) === JSON.stringify(two));
    expect(same.length).toBeGreaterThan(copied.slots.length * 0.7);
    await desk.button(new RegExp(`^${desk.say('console', 'roster.propose')}`)).click();
    await expect.poll(async () => (await reader.read<RosterView>(`/api/duty/rosters/${cell}/${week}`)).version).toBeGreaterThan(copied.version);
    await desk.expectText('roster.noConflicts');
    await desk.button(new RegExp(`^${desk.say('console', 'roster.submit')}`)).click();
    await expect(desk.page.getByText(desk.say('console', 'roster.state.submitted')).first()).toBeVisible();
    const nights = (await reader.read<RosterView>(`/api/duty/rosters/${cell}/${week}`)).people
      .filter(({ exclusions }) => exclusions.length === 0)
      .map(({ nightsInWindow }) => nightsInWindow);
    expect(Math.max(...nights) - Math.min(...nights)).toBeLessThanOrEqual(1);
  });
});
