import { type Id, must } from '@sallyport/basics';
import { type Post, post, type Role, role } from '@sallyport/contracts';
import { z } from 'zod';
import type { CommandScope } from '../../platform/commands/kind.js';
import { makeLink, newToken, signInUrl } from '../access/index.js';

const storedPosts = z.array(post);

export interface DemoOfficer {
  readonly id: Id;
  readonly role: Role;
  readonly name: string;
}

function holds(posts: readonly Post[], name: Role): boolean {
  return posts.some((held) => held.role === name);
}

/** For each post the first officer who holds it, in the order of their staff numbers. */
export async function demoOfficers({ trx }: Pick<CommandScope, 'trx'>): Promise<DemoOfficer[]> {
  const rows = await trx.selectFrom('officer').select(['id', 'name', 'posts']).where('state', '!=', 'disabled').orderBy('staff_no').execute();
  const officers = rows.map((row) => ({ id: row.id, name: row.name, posts: storedPosts.parse(row.posts) }));
  return role.options.flatMap((name) => {
    const officer = officers.find(({ posts }) => holds(posts, name));
    return officer ? [{ id: officer.id, role: name, name: officer.name }] : [];
  });
}

/** A one-time address that signs an officer in at once; the demonstration only. */
export async function demoSignInUrl({ trx, keys, random, now }: CommandScope, officer: Id, consoleOrigin: string): Promise<string> {
  const token = newToken(random);
  await makeLink(trx, keys, { officer, token, purpose: 'demo', madeBy: null, now });
  return signInUrl(consoleOrigin, token);
}

/** A one-time address for a post. @throws AssertionError when nobody holds it, which the seed rules out. */
export async function demoSignInOf(scope: CommandScope, wanted: Role, consoleOrigin: string): Promise<string> {
  const officer = (await demoOfficers(scope)).find((candidate) => candidate.role === wanted);
  return demoSignInUrl(scope, must(officer, `officer of the demo site with the post ${wanted}`).id, consoleOrigin);
}
