import type { Feature, Services } from '../../platform/feature.js';
import type { ClockParts } from './clock.js';
import { type CreateEnrolment, demoContent, demoLines, writeDemoFile } from './file.js';
import { firstStartLines } from './prepare.js';
import { addDemoRoutes } from './routes.js';

export type { CreateEnrolment } from './file.js';
export { prepareSite } from './prepare.js';
export { type SeedRosters, SITE_SIZES, type SiteSize, seedPin, seedSite } from './seed/index.js';

/** What the demonstration needs of other parts. */
export interface DemoParts extends Pick<ClockParts, 'clock' | 'jobs'> {
  readonly createEnrolment: CreateEnrolment;
}

/** The demonstration's routes; none outside demo mode. */
export function createDemo(parts: DemoParts): Feature {
  return {
    commands: [],
    queries: [],
    jobs: [],
    routes: (http, services) => {
      if (services.config.demo) addDemoRoutes(http, services, { ...parts, db: services.db });
    },
  };
}

/** When the server listens: writes demo.json in demo mode. @returns the lines for the operator's console. */
export async function announceStart(services: Services, createEnrolment: CreateEnrolment): Promise<string[]> {
  const { config, transact } = services;
  if (!config.demo) return firstStartLines(services);
  const content = await transact((scope) => demoContent(scope, config, createEnrolment));
  return demoLines(content, await writeDemoFile(config.dataDir, content));
}
