import type { CommandScope, ParkedCommand } from '../../platform/commands/index.js';
import { raiseAlerts } from '../alert/index.js';

/** Puts a parked command before an administrator. An emergency call that was parked is loud. */
export async function announceParked(scope: CommandScope, { kind, place, cell }: ParkedCommand): Promise<void> {
  const level = kind.startsWith('alert.') ? ('high' as const) : ('medium' as const);
  await raiseAlerts(scope, [{ kind: 'sealed-parked', level, cell, place, cause: `parked:${place ?? 'console'}:${kind}` }]);
}
