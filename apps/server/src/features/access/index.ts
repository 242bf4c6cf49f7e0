import type { Config } from '../../platform/config/index.js';
import type { Feature } from '../../platform/feature.js';
import { currentCursor } from '../../platform/realtime/index.js';
import { accessCommands } from './commands.js';
import { accessContext } from './context.js';
import { addPasskeyRoutes } from './passkey-routes.js';
import { accessQueries } from './queries.js';
import { addSessionRoutes } from './session-routes.js';

export { firstAdministratorLink } from './first-administrator.js';
export { makeLink, signInUrl } from './links.js';
export { createResolveOfficer } from './sessions.js';
export { type OperatorRecovery, recoverByOperator, securityAdministrators } from './operator-recovery.js';
export { presencesBetween } from './presence.js';
export { officerNames } from './store.js';
export { newToken } from './tokens.js';

/** Officers, their posts, proofs and sessions. */
export function createAccess(config: Config): Feature {
  return {
    commands: accessCommands(config.origins.console),
    queries: accessQueries(config, currentCursor),
    jobs: [],
    routes: (http, services) => {
      const context = accessContext(services);
      addSessionRoutes(http, context);
      addPasskeyRoutes(http, context);
    },
  };
}
