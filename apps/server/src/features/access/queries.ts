import { MINUTE } from '@sallyport/basics';
import { meQuery, officerList, onShift, role } from '@sallyport/contracts';
import { permissionsOf, ROLE_PERMISSIONS } from '@sallyport/domain';
import type { Config } from '../../platform/config/index.js';
import { at, type Db } from '../../platform/db/index.js';
import { officerQuery, type Query } from '../../platform/queries/query.js';
import { allOfficers, type Officer } from './store.js';
import type { Instant } from '@sallyport/basics';

const text = (instant: Instant) => new Date(instant).toISOString();

async function passkeyCounts(db: Db): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('officer_passkey')
    .select((select) => ['officer_id', select.fn.countAll<number>().as('amount')])
    .where('ended_at', 'is', null)
    .groupBy('officer_id')
    .execute();
  return new Map(rows.map((row) => [row.officer_id, Number(row.amount)]));
}

async function openSessions(db: Db, now: Instant) {
  return db
    .selectFrom('officer_session')
    .select(['officer_id', 'touched_at', 'locked_at'])
    .where('stage', '=', 'open')
    .where('ended_at', 'is', null)
    .where('ends_at', '>', at(now))
    .execute();
}

/** Who is signed in; also for a locked console, which has to know whose lock it is. `cursorOf` gives the position of the feed of changes. */
function ownSelf(config: Pick<Config, 'demo'>, cursorOf: (db: Db) => Promise<string>): Query {
  return officerQuery<typeof meQuery>({
    contract: meQuery,
    permission: 'session',
    whileLocked: true,
    audit: null,
    read: async ({ db, now, policy, actor }) => {
      const session = await db.selectFrom('officer_session').select('ends_at').where('id', '=', actor.sessionId).executeTakeFirst();
      if (!session) return null;
      return {
        id: actor.id,
        name: actor.name,
        posts: [...actor.posts],
        permissions: permissionsOf(actor.posts),
        sessionEndsAt: text(session.ends_at),
        idleLockSeconds: (policy.session.idleLockMinutes * MINUTE) / 1_000,
        locked: actor.locked ?? false,
        steppedUpUntil: actor.steppedUpUntil === null ? null : text(actor.steppedUpUntil),
        passkeys: (await passkeyCounts(db)).get(actor.id) ?? 0,
        demo: config.demo,
        siteName: policy.site.name,
        timeZone: policy.site.timeZone,
        serverTime: text(now),
        cursor: await cursorOf(db),
      };
    },
  });
}

function stateOf(officer: Officer, now: Instant): 'invited' | 'active' | 'locked' | 'disabled' {
  return officer.state === 'active' && officer.lockedUntil !== null && officer.lockedUntil > now ? 'locked' : officer.state;
}

const officers = officerQuery<typeof officerList>({
  contract: officerList,
  permission: 'access.read',
  audit: null,
  read: async ({ db, now }) => {
    const [list, passkeys, sessions] = [await allOfficers(db), await passkeyCounts(db), await openSessions(db, now)];
    return {
      officers: list.map((officer) => ({
        id: officer.id,
        name: officer.name,
        staffNo: officer.staffNo,
        posts: [...officer.posts],
        state: stateOf(officer, now),
        passkeys: passkeys.get(officer.id) ?? 0,
        lastSignInAt: officer.lastSignInAt === null ? null : text(officer.lastSignInAt),
        sessions: sessions.filter((session) => session.officer_id === officer.id).length,
        version: officer.version,
      })),
      roles: role.options.map((name) => ({ role: name, permissions: [...ROLE_PERMISSIONS[name]] })),
    };
  },
});

/** Signed in and not idle: whom a colleague can reach now (ux R25). */
const present = officerQuery<typeof onShift>({
  contract: onShift,
  permission: 'session',
  audit: null,
  read: async ({ db, now, policy }) => {
    const idleSince = now - policy.session.idleLockMinutes * MINUTE;
    const awake = (await openSessions(db, now)).filter((session) => session.locked_at === null && session.touched_at > idleSince);
    const ids = new Set(awake.map((session) => session.officer_id));
    const claims = await db
      .selectFrom('work_item')
      .select((select) => ['holder', select.fn.countAll<number>().as('amount')])
      .where('state', '=', 'claimed')
      .groupBy('holder')
      .execute();
    const held = new Map(claims.map((claim) => [claim.holder, Number(claim.amount)]));
    const list = (await allOfficers(db)).filter((officer) => ids.has(officer.id));
    return { officers: list.map(({ id, name, posts }) => ({ id, name, posts: [...posts], claims: held.get(id) ?? 0 })) };
  },
});

/** The queries of this slice. */
export function accessQueries(config: Pick<Config, 'demo'>, cursorOf: (db: Db) => Promise<string>): Query[] {
  return [ownSelf(config, cursorOf), officers, present];
}
