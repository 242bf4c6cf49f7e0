import { newToken } from './tokens.js';
import type { CommandScope } from '../../platform/commands/kind.js';
import { auditAccess } from './audit.js';
import { makeLink, signInUrl } from './links.js';
import { insertOfficer } from './store.js';

const NAME = '首任安全管理员';
const STAFF_NO = 'FIRST-ADMIN';

/**
 * The way into a new site: a security administrator with a one-time link, for the operator at the server's own console.
 * Each start gives a new link until somebody has used one and registered a passkey; afterwards null.
 */
export async function firstAdministratorLink(scope: CommandScope, consoleOrigin: string): Promise<string | null> {
  const { trx, keys, now, random } = scope;
  const someone = await trx.selectFrom('officer').select('id').where('state', '!=', 'invited').limit(1).executeTakeFirst();
  if (someone) return null;
  const invited = await trx.selectFrom('officer').select('id').where('staff_no', '=', STAFF_NO).executeTakeFirst();
  const officer = invited?.id ?? scope.newId();
  if (!invited) await insertOfficer(trx, { id: officer, name: NAME, staffNo: STAFF_NO, posts: [{ role: 'security-admin', blocks: 'all' }], now });
  const token = newToken(random);
  await makeLink(trx, keys, { officer, token, purpose: 'first', madeBy: null, now });
  await auditAccess(scope, { action: 'access.first-link', outcome: 'accepted', officer });
  return signInUrl(consoleOrigin, token);
}
