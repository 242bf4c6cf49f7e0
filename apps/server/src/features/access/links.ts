import { DAY, type Id, type Instant } from '@sallyport/basics';
import type { Keys } from '../../platform/crypto/index.js';
import { at, type Db } from '../../platform/db/index.js';
import { tokenHash } from './tokens.js';

export type LinkPurpose = 'first' | 'invite' | 'recover' | 'demo';

/** Long enough to hand a link over in person on the same day, short enough that a lost one is worth nothing next week. */
export const LINK_LIFE_MS = DAY;

/** The address of a one-time link on the console; the token is a fragment, so that no server or proxy logs it. */
export function signInUrl(consoleOrigin: string, token: string): string {
  return `${consoleOrigin}/sign-in#${token}`;
}

/** Writes a link for an officer. Earlier unused links of the officer end, except in the demonstration, where several may be handed out. */
export async function makeLink(
  db: Db,
  keys: Keys,
  link: { officer: Id; token: string; purpose: LinkPurpose; madeBy: Id | null; now: Instant },
): Promise<Instant> {
  const now = new Date(link.now);
  if (link.purpose !== 'demo') {
    await db.updateTable('access_link').set({ used_at: now }).where('officer_id', '=', link.officer).where('used_at', 'is', null).execute();
  }
  const expiresAt = link.now + LINK_LIFE_MS;
  await db
    .insertInto('access_link')
    .values({
      token_hash: tokenHash(keys, 'link', link.token),
      officer_id: link.officer,
      purpose: link.purpose,
      made_by: link.madeBy,
      made_at: now,
      expires_at: new Date(expiresAt),
    })
    .execute();
  return expiresAt;
}

/** Uses a link up: its officer, or null when it is unknown, used, too old, or the officer's access ended. */
export async function useLink(db: Db, keys: Keys, token: string, now: Instant): Promise<{ officer: Id; name: string } | null> {
  const used = await db
    .updateTable('access_link')
    .from('officer')
    .set({ used_at: new Date(now) })
    .whereRef('officer.id', '=', 'access_link.officer_id')
    .where('officer.state', '!=', 'disabled')
    .where('token_hash', '=', tokenHash(keys, 'link', token))
    .where('used_at', 'is', null)
    .where('expires_at', '>', at(now))
    .returning(['officer.id', 'officer.name'])
    .executeTakeFirst();
  return used ? { officer: used.id, name: used.name } : null;
}
