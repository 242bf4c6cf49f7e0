import { blockOfCell } from '@sallyport/contracts';
import { accessRefusal, type Permission } from '@sallyport/domain';
import { type Handled, type OfficerActor, refused } from '../../platform/commands/kind.js';

/** The refusal when the officer's posts do not carry the permission in the block of a cell that only the database knows; else null. */
export function permittedCell(officer: OfficerActor, permission: Permission, cell: string): Handled<never> | null {
  const code = accessRefusal(officer.posts, permission, blockOfCell(cell));
  return code && refused(code, 'the cell lies outside your blocks');
}
