import type { RefusalCode, WorkKind } from '@sallyport/contracts';
import type { CommandScope, OfficerActor } from '../../platform/commands/kind.js';
import type { WorkKindDefinition } from '../../platform/feature.js';
import type { QueryScope } from '../../platform/queries/query.js';

/** What writing a work item needs of a command's or a job's scope. */
export type WorkScope = Pick<CommandScope, 'trx' | 'now' | 'policy' | 'random' | 'newId' | 'hint'>;
/** What reading needs: the officer's own eyes. */
export type WorkReadScope = QueryScope<OfficerActor>;

/** Why somebody cannot do something with an item, for the answer of a command. */
export interface WorkRefusal {
  readonly code: RefusalCode;
  readonly message: string;
  readonly details?: Record<string, unknown>;
}

/** The registered kinds. Who may see and decide one stands in the domain's access table; class, deadline and escalation in the site policy. */
export type WorkKinds = ReadonlyMap<WorkKind, WorkKindDefinition>;
