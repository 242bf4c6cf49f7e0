import { siteTime } from '@sallyport/basics';
import { seeded } from '@sallyport/domain';
import type { CommandScope } from '../../../platform/commands/kind.js';
import { type SiteSize, seedCells } from './cells.js';
import { seedOfficers } from './officers.js';
import { seedPeople } from './people.js';
import { analyse, insertCells, insertOfficers, insertPeople, markSeeded } from './store.js';

export { SITE_SIZES, type SiteSize } from './cells.js';
export { seedPin } from './people.js';
export { demoPolicy } from './policy.js';
export { seededSite } from './store.js';

/** Makes the rosters of a new site; the duty slice's own. */
export type SeedRosters = (scope: CommandScope) => Promise<void>;

/**
 * Writes the demo site of a size in one transaction: cells, people with PINs, officers, rosters. The same size and date give the same people.
 * @returns false when the database is seeded already; then nothing is written.
 */
export async function seedSite(scope: CommandScope, size: SiteSize, seedRosters: SeedRosters): Promise<boolean> {
  if (!(await markSeeded(scope, size))) return false;
  const draw = seeded(`sallyport-demo ${size}`);
  const today = siteTime(scope.now, scope.policy.site.timeZone).date;
  const cells = seedCells(size, draw);
  const blocks = [...new Set(cells.map((cell) => cell.number.slice(0, 2)))];
  await insertCells(scope, cells);
  await insertPeople(scope, seedPeople(cells, today, draw), size);
  await insertOfficers(scope, seedOfficers(blocks));
  await analyse(scope);
  await seedRosters(scope);
  return true;
}
