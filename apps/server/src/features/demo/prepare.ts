import { newId } from '@sallyport/basics';
import { defaultPolicy } from '@sallyport/contracts';
import type { Services } from '../../platform/feature.js';
import { firstAdministratorLink } from '../access/index.js';
import { ensureFirstPolicy } from '../policy/index.js';
import { demoPolicy, SITE_SIZES, type SeedRosters, seedSite } from './seed/index.js';

/**
 * Makes a database fit for its first start: the first version of the policy, and in demo mode the people of the demo site.
 * Changes nothing on later starts. Call it after the migrations and before anything reads the policy.
 */
export async function prepareSite(services: Services, seedRosters: SeedRosters): Promise<void> {
  const { config, db, clock, random, transact } = services;
  const now = clock.now();
  const id = newId(clock, random);
  if (!config.demo) {
    await ensureFirstPolicy(db, { id, now, document: defaultPolicy, reason: '新所的默认参数' });
    return;
  }
  await ensureFirstPolicy(db, { id, now, document: demoPolicy(SITE_SIZES[config.site].name, now), reason: '演示所的参数' });
  await transact((scope) => seedSite(scope, config.site, seedRosters));
}

/** What the operator has to read after a start outside the demonstration: the first administrator's link, until it was used. */
export async function firstStartLines({ config, transact }: Services): Promise<string[]> {
  const link = await transact((scope) => firstAdministratorLink(scope, config.origins.console));
  return link === null ? [] : ['No officer has signed in yet. The first security administrator signs in here, once, within 24 hours:', `  ${link}`];
}
