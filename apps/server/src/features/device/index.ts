import type { Instant } from '@sallyport/basics';
import type { ResolveDevice } from '../../platform/commands/index.js';
import type { Config } from '../../platform/config/index.js';
import type { Feature } from '../../platform/feature.js';
import { deviceCommands } from './commands.js';
import { deviceQueries, type LatestBuild } from './queries.js';
import { pruneJob, schedulePrune } from './prune.js';
import { addDeviceRoutes } from './routes.js';
import { scheduleLook, silenceJob } from './silence.js';
import { enrolmentWork, gapWork, parkedWork, silenceWork } from './work-kinds.js';

export { makeEnrolment, type MadeEnrolment, type NewEnrolment, placeExists } from './enrolment.js';
export { announceParked } from './parked.js';
export { createResolveDevice, type ResolveOptions } from './resolve.js';

export type { LatestBuild } from './queries.js';

export interface DeviceOptions {
  readonly config: Config;
  /** The same that the door and the sockets ask, so that they share what was read. */
  readonly resolveDevice: ResolveDevice;
  readonly latestBuild?: LatestBuild;
}

/** Terminals and kiosks: enrolment, sessions, health, silence. */
export function createDevice({ config, resolveDevice, latestBuild = () => null }: DeviceOptions): Feature {
  // Until the routes are built nobody could be heard.
  let quietSince: Instant = 0;
  return {
    commands: deviceCommands(config.origins),
    queries: deviceQueries(latestBuild),
    jobs: [silenceJob(() => quietSince), pruneJob],
    workKinds: [enrolmentWork, silenceWork, gapWork, parkedWork],
    routes: async (http, services) => {
      quietSince = services.clock.now();
      addDeviceRoutes(http, services, resolveDevice, latestBuild);
      await services.transact(async (scope) => {
        await scheduleLook(scope, scope.now);
        await schedulePrune(scope, scope.now);
      });
    },
  };
}
