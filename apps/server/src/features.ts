import type { ResolveDevice } from './platform/commands/index.js';
import type { Config } from './platform/config/index.js';
import type { Feature, Services } from './platform/feature.js';
import type { Jobs, SiteClock } from './platform/jobs/index.js';
import { createAccess } from './features/access/index.js';
import { createAlert } from './features/alert/index.js';
import { audit } from './features/audit/index.js';
import { createDemo, type CreateEnrolment } from './features/demo/index.js';
import { createDevice, type LatestBuild } from './features/device/index.js';
import { duty, dutyAnomalyAlert, dutyFollowsPeople, rostersHoldPolicy } from './features/duty/index.js';
import { createPerson } from './features/person/index.js';
import { createPolicy } from './features/policy/index.js';
import { repair } from './features/repair/index.js';
import { createWork } from './features/work/index.js';

export interface FeatureParts {
  readonly config: Config;
  readonly clock: SiteClock;
  readonly jobs: Pick<Jobs, 'runDue'>;
  /** The same that the door and the sockets ask, so that they share what was read. */
  readonly resolveDevice: ResolveDevice;
  readonly createEnrolment: CreateEnrolment;
  readonly latestBuild: LatestBuild;
}

/** The slices of the server; a new slice is one line here. The queue comes last, because it is built over the kinds of the others. */
export function listFeatures({ config, clock, jobs, resolveDevice, createEnrolment, latestBuild }: FeatureParts): Feature[] {
  const slices: Feature[] = [
    createAccess(config),
    createPerson({ config, resolveDevice, changed: dutyFollowsPeople }),
    createPolicy([rostersHoldPolicy]),
    audit,
    createDevice({ config, resolveDevice, latestBuild }),
    createAlert([dutyAnomalyAlert]),
    duty,
    repair,
    createDemo({ clock, jobs, createEnrolment }),
  ];
  return [...slices, createWork(slices.flatMap(({ workKinds = [] }) => workKinds))];
}

/** Adds what a slice serves itself, beside its commands and queries. */
export async function addFeatureRoutes(features: readonly Feature[], http: Parameters<NonNullable<Feature['routes']>>[0], services: Services): Promise<void> {
  for (const feature of features) await feature.routes?.(http, services);
}
