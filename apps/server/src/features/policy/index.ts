import type { Feature } from '../../platform/feature.js';
import { type PolicyHolder, policyChanges } from './commands.js';
import { currentPolicy } from './queries.js';

export { ensureFirstPolicy, policyAt, type PolicyPeriod, policyPeriods, siteBegan } from './store.js';

export type { NextPolicy, PolicyHolder } from './commands.js';

/** Site policy: one typed, versioned, dated document. `holders` are the slices that a change can hurt; each may refuse it. */
export function createPolicy(holders: readonly PolicyHolder[]): Feature {
  return { commands: [policyChanges(holders)], queries: [currentPolicy], jobs: [] };
}
