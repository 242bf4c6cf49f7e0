import { must } from '@sallyport/basics';
import { z } from 'zod';
import type { Db } from '../db/index.js';

const ROW = 'keys';
const marks = z.strictObject({ server: z.string(), audit: z.string() });

/** Marks of the keys that a server brings; none of them tells a key. */
export type KeyMarks = Readonly<z.infer<typeof marks>>;

/** Whether these are the server keys with which the site of this database was begun. */
export async function areSiteKeys(db: Db, server: string): Promise<boolean> {
  const row = await db.selectFrom('site').select('value').where('key', '=', ROW).executeTakeFirst();
  return row !== undefined && marks.parse(row.value).server === server;
}

/**
 * Holds a database to the keys of its first start. With other keys every PIN would be wrong, what terminals sealed could not be opened,
 * and two servers of one site would refuse each other's sessions: that is told at the start and not found at the walls.
 * @throws Error that says which keys differ and what to do. `folder` is where this server's keys rest.
 */
export async function holdToKeys(db: Db, own: KeyMarks, folder: string): Promise<void> {
  await db
    .insertInto('site')
    .values({ key: ROW, value: JSON.stringify(own) })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
  const row = await db.selectFrom('site').select('value').where('key', '=', ROW).executeTakeFirst();
  const first = marks.parse(must(row, 'marks of the keys').value);
  const other = (['server', 'audit'] as const).filter((name) => first[name] !== own[name]);
  if (other.length === 0) return;
  const which =
    other.length === 2 ? 'The keys' : other[0] === 'server' ? 'The key file server-keys.json' : 'The key file audit-key.pem (or the size given by --site)';
  throw new Error(
    [
      `${which} in ${folder} and this database do not belong together: the site was begun with other keys.`,
      'Copy the folder "keys" of the site\'s first server, or of the backup that was made with this database, to that place and start again.',
      'If this server is to be a site of its own, give it a database of its own (DATABASE_URL).',
    ].join('\n'),
  );
}
