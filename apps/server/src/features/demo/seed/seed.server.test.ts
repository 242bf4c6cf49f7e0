import { MINUTE, siteClock, siteTime } from '@sallyport/basics';
import { role } from '@sallyport/contracts';
import { separationsOf } from '@sallyport/domain';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cellsOfSite, peopleOfCells } from '../../person/index.js';
import { createWorld, START, type World } from '../../person/world.fixture.js';
import { demoPolicy, SITE_SIZES, type SiteSize, seededSite, seedSite } from './index.js';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.drop());

const noRosters = () => Promise.resolve();
const seed = (size: SiteSize) => world.transact((scope) => seedSite(scope, size, noRosters));

test.each(['county', 'district', 'large'] as const)('the %s site has its people and cells, and separates whom the law separates', async (size) => {
  const began = performance.now();
  expect(await seed(size)).toBe(true);
  expect(performance.now() - began).toBeLessThan(20_000);
  const [people, cells] = [await peopleOfCells(world.db, 'all'), await cellsOfSite(world.db)];
  expect([people.length, cells.length]).toEqual([SITE_SIZES[size].people, SITE_SIZES[size].cells]);
  const today = siteTime(START, 'Asia/Shanghai').date;
  for (const cell of cells) {
    const mates = people.filter((person) => person.cell === cell.number);
    expect(mates.length).toBeGreaterThan(8);
    const conflicts = mates.flatMap((a, index) => mates.slice(index + 1).flatMap((b) => separationsOf(a.facts, b.facts, today)));
    expect(conflicts).toEqual([]);
  }
  expect(cells.filter((cell) => cell.sex === 'female').length).toBeGreaterThan(0);
  expect(cells.filter((cell) => cell.transition).length).toBeGreaterThan(0);
});

test('every post has an officer, and a second start seeds nothing', async () => {
  await seed('county');
  expect(await seed('county')).toBe(false);
  const officers = await world.db.selectFrom('officer').select('posts').execute();
  const held = new Set(officers.flatMap((officer) => (officer.posts as { role: string }[]).map((post) => post.role)));
  expect([...held].sort()).toEqual([...role.options].sort());
  expect(await world.transact((scope) => seededSite(scope))).toBe('county');
});

test('the same site and day give the same people', async () => {
  const other = await createWorld();
  await seed('county');
  await other.transact((scope) => seedSite(scope, 'county', noRosters));
  const names = async (from: World) => (await peopleOfCells(from.db, 'all')).map(({ number, name, cell, bed, facts }) => ({ number, name, cell, bed, facts }));
  expect(await names(other)).toEqual(await names(world));
  await other.drop();
});

test('a duty slot begins at the first whole minute five minutes after the first start, and slots cover the day', () => {
  const { duty, site } = demoPolicy('示范县看守所', START + 1);
  expect(duty.windows).toEqual([{ start: siteClock(START + 6 * MINUTE, site.timeZone), end: siteClock(START + 6 * MINUTE, site.timeZone) }]);
});
