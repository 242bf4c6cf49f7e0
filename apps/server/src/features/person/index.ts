import type { ResolveDevice } from '../../platform/commands/index.js';
import type { Config } from '../../platform/config/index.js';
import type { Feature } from '../../platform/feature.js';
import { personCommands, type PersonListener } from './commands.js';
import { importCommand } from './import.js';
import { personQueries } from './queries.js';
import { readerCommands, readerQueries } from './readers.js';
import { registerPasskeyCommand } from './register-passkey.js';
import { addPersonRoutes } from './routes.js';

export type { PersonChange, PersonListener } from './commands.js';
export {
  type AbsenceOf,
  absencesSince,
  type Cell,
  cellExists,
  cellsOfSite,
  type HeldPerson,
  type Person,
  peopleByIds,
  peopleOfCells,
  personByNumber,
} from './facts.js';
export { newPasskeyUser, newPin, pinMatches, sealPin } from './pin.js';
export { createCheckProofs } from './proof.js';

/** What this slice needs of others. */
export interface PersonParts {
  readonly config: Pick<Config, 'origins'>;
  readonly resolveDevice: ResolveDevice;
  /** Told of admissions, moves, releases and absences in their transaction. */
  readonly changed: PersonListener;
}

/** The people held here, where they are and how they prove themselves. */
export function createPerson({ config, resolveDevice, changed }: PersonParts): Feature {
  return {
    commands: [...personCommands(changed), importCommand(changed), registerPasskeyCommand(config.origins.cell), ...readerCommands],
    queries: [...personQueries, ...readerQueries],
    jobs: [],
    routes: (http, services) => addPersonRoutes(http, services, resolveDevice),
  };
}
