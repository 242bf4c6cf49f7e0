import type { Id } from '@sallyport/basics';
import { type BodyOf, officerCreate, officerDisable, officerPosts, officerRecover, type Post, type ResultOf } from '@sallyport/contracts';
import { postsChangeRefusal, postsRefusal } from '@sallyport/domain';
import { accepted, commandKind, type CommandKind, type CommandScope, type Handled, type Incoming, oneByOne, refused } from '../../platform/commands/kind.js';
import { LINK_LIFE_MS, makeLink, signInUrl } from './links.js';
import { endSessionsOf } from './sessions.js';
import { allOfficers, insertOfficer, type Officer, officerById } from './store.js';
import { linkTokenOf } from './tokens.js';

const MANAGE = { by: 'officer', permission: 'access.manage', stepUp: true } as const;
const TEXTS: Readonly<Record<string, string>> = {
  ADMIN_ROLES_EXCLUSIVE: 'An administrator or the prosecutor holds no other post.',
  LAST_SECURITY_ADMIN: 'This is the last security administrator. Give another officer that post first.',
  NOT_ALLOWED: 'Nobody changes the own posts. Ask another security administrator.',
};
const NOT_FOUND = () => refused('NOT_FOUND', 'There is no such officer.');

function textOf(code: string): string {
  return TEXTS[code] ?? 'This is not possible.';
}

/** One post per role: what is named twice is joined, the whole site where one says so. */
function joined(posts: readonly Post[]): Post[] {
  const roles = [...new Set(posts.map((post) => post.role))];
  return roles.map((role) => {
    const mine = posts.filter((post) => post.role === role);
    const blocks = new Set(mine.flatMap((post) => (post.blocks === 'all' ? [] : post.blocks)));
    return { role, blocks: mine.some((post) => post.blocks === 'all') ? 'all' : [...blocks].sort() };
  });
}

async function otherSecurityAdmins({ trx }: CommandScope, than: Id): Promise<number> {
  const officers = await allOfficers(trx);
  return officers.filter((officer) => officer.id !== than && officer.state === 'active' && officer.posts.some((post) => post.role === 'security-admin')).length;
}

/** Locks all officers, so that two administrators cannot take the last post of their kind from each other at once. */
async function lockOfficers({ trx }: CommandScope): Promise<void> {
  await trx.selectFrom('officer').select('id').orderBy('id').forUpdate().execute();
}

function linkResult(command: Incoming<unknown>, officer: Id, scope: CommandScope, consoleOrigin: string) {
  const token = linkTokenOf(scope.keys, command.id);
  return { token, result: { officer, signInUrl: signInUrl(consoleOrigin, token), expiresAt: new Date(scope.now + LINK_LIFE_MS).toISOString() } };
}

function createOfficer(consoleOrigin: string): CommandKind {
  return commandKind<typeof officerCreate>({
    contract: officerCreate,
    access: MANAGE,
    audit: ({ body }, handled) => ({
      subjectKind: 'officer',
      subjectId: handled.outcome === 'accepted' ? handled.result.officer : null,
      reason: body.reason,
      detail: { staffNo: body.staffNo, posts: body.posts },
    }),
    secret: {
      stored: ({ officer, expiresAt }) => ({ officer, expiresAt }),
      restored: (keys, commandId, stored) => ({
        ...(stored as { officer: Id; expiresAt: string }),
        signInUrl: signInUrl(consoleOrigin, linkTokenOf(keys, commandId)),
      }),
    },
    handle: oneByOne(async (scope, command) => {
      const { body, actor } = command;
      const posts = joined(body.posts);
      const code = postsRefusal(posts);
      if (code) return refused(code, textOf(code));
      const taken = await scope.trx.selectFrom('officer').select('id').where('staff_no', '=', body.staffNo).executeTakeFirst();
      if (taken) return refused('NUMBER_TAKEN', 'Another officer has this staff number.', { field: 'staffNo' });
      const officer = scope.newId();
      await insertOfficer(scope.trx, { id: officer, name: body.name, staffNo: body.staffNo, posts, now: scope.now });
      const { token, result } = linkResult(command, officer, scope, consoleOrigin);
      await makeLink(scope.trx, scope.keys, { officer, token, purpose: 'invite', madeBy: actor.id, now: scope.now });
      scope.hint({ topic: 'access', cell: null });
      return accepted(result);
    }),
  });
}

type Change = Incoming<BodyOf<typeof officerPosts>>;

async function setPosts(scope: CommandScope, { body, actor }: Change): Promise<Handled<ResultOf<typeof officerPosts>>> {
  await lockOfficers(scope);
  const officer = await officerById(scope.trx, body.officer);
  if (!officer || officer.state === 'disabled') return NOT_FOUND();
  if (officer.version !== body.seenVersion)
    return refused('STALE_VERSION', 'Somebody changed this officer meanwhile. Look again.', { version: officer.version });
  const next = joined(body.posts);
  const code = postsChangeRefusal({ by: actor.id, officer: officer.id, next, otherSecurityAdmins: await otherSecurityAdmins(scope, officer.id) });
  if (code) return refused(code, textOf(code));
  const version = officer.version + 1;
  await scope.trx
    .updateTable('officer')
    .set({ posts: JSON.stringify(next), version })
    .where('id', '=', officer.id)
    .execute();
  // Sockets sit in the rooms of the old posts; they come back in those of the new ones.
  scope.disconnect({ kind: 'officer', id: officer.id });
  scope.hint({ topic: 'access', cell: null });
  return accepted({ version });
}

const changePosts = commandKind<typeof officerPosts>({
  contract: officerPosts,
  access: MANAGE,
  audit: ({ body }) => ({ subjectKind: 'officer', subjectId: body.officer, reason: body.reason, detail: { posts: body.posts } }),
  handle: oneByOne(setPosts),
});

/** The officer of a command that takes access away, or why it may not be taken. */
async function removable(scope: CommandScope, by: Id, id: Id, next: readonly Post[]): Promise<Officer | Handled<never>> {
  await lockOfficers(scope);
  const officer = await officerById(scope.trx, id);
  if (!officer || officer.state === 'disabled') return NOT_FOUND();
  const isSecurity = officer.posts.some((post) => post.role === 'security-admin');
  const others = isSecurity ? await otherSecurityAdmins(scope, id) : 1;
  const code = postsChangeRefusal({ by, officer: id, next, otherSecurityAdmins: others });
  return code ? refused(code, textOf(code)) : officer;
}

/** Ends everything by which an officer gets in: passkeys, links, sessions, sockets. */
export async function endAccess(scope: CommandScope, officer: Id): Promise<void> {
  const now = new Date(scope.now);
  await scope.trx.updateTable('officer_passkey').set({ ended_at: now }).where('officer_id', '=', officer).where('ended_at', 'is', null).execute();
  await scope.trx.updateTable('access_link').set({ used_at: now }).where('officer_id', '=', officer).where('used_at', 'is', null).execute();
  await endSessionsOf(scope.trx, officer, scope.now);
  scope.disconnect({ kind: 'officer', id: officer });
  scope.hint({ topic: 'access', cell: null });
}

const disableOfficer = commandKind<typeof officerDisable>({
  contract: officerDisable,
  access: MANAGE,
  audit: ({ body }) => ({ subjectKind: 'officer', subjectId: body.officer, reason: body.reason }),
  handle: oneByOne(async (scope, { body, actor }) => {
    const officer = await removable(scope, actor.id, body.officer, []);
    if ('outcome' in officer) return officer;
    await scope.trx
      .updateTable('officer')
      .set({ state: 'disabled', version: officer.version + 1 })
      .where('id', '=', officer.id)
      .execute();
    await endAccess(scope, officer.id);
    return accepted({});
  }),
});

function recoverOfficer(consoleOrigin: string): CommandKind {
  return commandKind<typeof officerRecover>({
    contract: officerRecover,
    access: MANAGE,
    audit: ({ body }) => ({ subjectKind: 'officer', subjectId: body.officer, reason: body.reason }),
    secret: {
      stored: ({ expiresAt }) => ({ expiresAt }),
      restored: (keys, commandId, stored) => ({ ...(stored as { expiresAt: string }), signInUrl: signInUrl(consoleOrigin, linkTokenOf(keys, commandId)) }),
    },
    handle: oneByOne(async (scope, command) => {
      const { body, actor } = command;
      if (actor.id === body.officer) return refused('NOT_ALLOWED', 'Nobody recovers the own access. Ask another security administrator.');
      const officer = await officerById(scope.trx, body.officer, true);
      if (!officer || officer.state === 'disabled') return NOT_FOUND();
      await endAccess(scope, officer.id);
      await scope.trx.updateTable('officer').set({ failures: 0, locked_until: null }).where('id', '=', officer.id).execute();
      const { token, result } = linkResult(command, officer.id, scope, consoleOrigin);
      await makeLink(scope.trx, scope.keys, { officer: officer.id, token, purpose: 'recover', madeBy: actor.id, now: scope.now });
      return accepted({ signInUrl: result.signInUrl, expiresAt: result.expiresAt });
    }),
  });
}

/** Commands of the security administrator (ACC rules of the domain spec). */
export function accessCommands(consoleOrigin: string): CommandKind[] {
  return [createOfficer(consoleOrigin), changePosts, disableOfficer, recoverOfficer(consoleOrigin)];
}
