import type { Post, Role } from '@sallyport/contracts';
import { NAMES } from './names.js';

export interface SeedOfficer {
  readonly name: string;
  readonly staffNo: string;
  readonly posts: readonly Post[];
}

/** One line per post of the house; those whose work grows with it are counted per so many blocks. */
const STAFF: readonly { readonly role: Role; readonly perBlocks?: number; readonly least?: number }[] = [
  { role: 'cell-officer', perBlocks: 2, least: 2 },
  { role: 'control-room', least: 2 },
  { role: 'medical' },
  { role: 'reception' },
  { role: 'finance' },
  { role: 'leadership', least: 2 },
  { role: 'prosecutor' },
  { role: 'system-admin' },
  { role: 'security-admin', least: 2 },
  { role: 'audit-admin' },
];

/** Officers of a demo site: at least one per post. The first cell officer has the whole site, the others a share of the blocks each. */
export function seedOfficers(blocks: readonly string[]): SeedOfficer[] {
  const officers: SeedOfficer[] = [];
  for (const { role, perBlocks, least = 1 } of STAFF) {
    const amount = Math.max(least, perBlocks ? Math.ceil(blocks.length / perBlocks) : 1);
    for (let index = 0; index < amount; index += 1) {
      const scope = role === 'cell-officer' && index > 0 ? blocks.filter((_, block) => block % (amount - 1) === index - 1) : [];
      const place = officers.length;
      const name = NAMES.officers[place % NAMES.officers.length] ?? '';
      const namesakes = Math.floor(place / NAMES.officers.length);
      officers.push({
        name: namesakes === 0 ? name : `${name}${namesakes + 1}`,
        staffNo: `P${String(10_001 + place)}`,
        posts: [{ role, blocks: scope.length > 0 ? scope : 'all' }],
      });
    }
  }
  return officers;
}
