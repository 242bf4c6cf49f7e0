import type { WorkKind } from '@sallyport/contracts';
import type { Feature, WorkKindDefinition } from '../../platform/feature.js';
import { workCommands } from './commands.js';
import { filterCommands, filterQuery } from './filters.js';
import { workJobs } from './jobs.js';
import { workQueries } from './queries.js';
import { viewRoute } from './viewers.js';

export type { WorkScope } from './kind.js';
export { closeWorkItem, closeWorkItems, markEscalated, type NewWorkItem, openWorkItem, openWorkItems, type WorkClosing } from './open.js';

/** The one queue over the kinds that the other slices register: `createWork(features.flatMap((feature) => feature.workKinds ?? []))`. */
export function createWork(definitions: readonly WorkKindDefinition[]): Feature {
  const kinds = new Map<WorkKind, WorkKindDefinition>(definitions.map((definition) => [definition.kind, definition]));
  return { commands: [...workCommands(kinds), ...filterCommands], queries: [...workQueries(kinds), filterQuery], jobs: workJobs(kinds), routes: viewRoute };
}
