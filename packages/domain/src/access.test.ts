import { type Post, type Role, role, workKind } from '@sallyport/contracts';
import { describe, expect, test } from 'vitest';
import {
  ADMIN_ROLES,
  accessRefusal,
  approvalRefusal,
  BUSINESS_PERMISSIONS,
  blocksFor,
  PERMISSIONS,
  permissionsOf,
  postsChangeRefusal,
  postsRefusal,
  ROLE_PERMISSIONS,
  STEP_UP_PERMISSIONS,
  WORK_PERMISSIONS,
} from './access.js';

const post = (name: Role, blocks: Post['blocks'] = 'all'): Post => ({ role: name, blocks });

describe('access', () => {
  test('ACC1: every role has a line in the table and every permission a holder', () => {
    expect(Object.keys(ROLE_PERMISSIONS).sort()).toEqual([...role.options].sort());
    const held = new Set(Object.values(ROLE_PERMISSIONS).flat());
    expect(PERMISSIONS.filter((permission) => !held.has(permission))).toEqual([]);
    for (const permissions of Object.values(ROLE_PERMISSIONS)) expect(new Set(permissions).size).toBe(permissions.length);
  });

  test.each(ADMIN_ROLES.flatMap((admin) => role.options.filter((other) => other !== admin).map((other) => [admin, other] as const)))(
    'ACC2: %s is never held together with %s',
    (admin, other) => {
      expect(postsRefusal([post(admin), post(other)])).toBe('ADMIN_ROLES_EXCLUSIVE');
      expect(postsRefusal([post(admin), post(admin, ['01'])])).toBeNull();
    },
  );

  test('ACC2: the prosecutor holds no post of the house, officers may hold several', () => {
    expect(postsRefusal([post('prosecutor'), post('cell-officer')])).toBe('ADMIN_ROLES_EXCLUSIVE');
    expect(postsRefusal([post('cell-officer', ['01']), post('control-room')])).toBeNull();
  });

  test.each([...ADMIN_ROLES])('ACC3: %s has no business right', (admin) => {
    expect(ROLE_PERMISSIONS[admin].filter((permission) => BUSINESS_PERMISSIONS.includes(permission))).toEqual([]);
  });

  test('ACC3: each administrator has a third of the power', () => {
    const holders = (permission: (typeof PERMISSIONS)[number]) => role.options.filter((name) => ROLE_PERMISSIONS[name].includes(permission));
    expect(holders('device.manage')).toEqual(['system-admin']);
    expect(holders('access.manage')).toEqual(['security-admin']);
    expect(holders('audit.read')).toEqual(['audit-admin']);
  });

  test('DUTY13: being on duty gives no right: the table knows posts of officers only', () => {
    expect(role.options.filter((name) => /duty|detainee|person/.test(name))).toEqual([]);
  });

  test('ACC4: the prosecutor only reads', () => {
    expect(ROLE_PERMISSIONS.prosecutor.filter((permission) => !permission.endsWith('.read'))).toEqual([]);
  });

  test.each<[string, Post[], string | null, string | null]>([
    ['a post for the whole site', [post('cell-officer')], '03', null],
    ['the own block', [post('cell-officer', ['01', '02'])], '02', null],
    ['another block', [post('cell-officer', ['01', '02'])], '03', 'OUT_OF_SCOPE'],
    ['a thing in no block', [post('cell-officer', ['01'])], null, null],
    ['a post without the right', [post('finance')], '01', 'NOT_ALLOWED'],
    ['no post at all', [], '01', 'NOT_ALLOWED'],
    ['the right in one block and another post in another', [post('cell-officer', ['01']), post('finance', ['02'])], '02', 'OUT_OF_SCOPE'],
  ])('ACC5: a right counts only in the blocks of the post that carries it: %s', (_what, posts, block, expected) => {
    expect(accessRefusal(posts, 'duty.roster.edit', block)).toBe(expected);
  });

  test('ACC5: scopes of several posts add up', () => {
    expect(blocksFor([post('cell-officer', ['02']), post('control-room', ['01'])], 'duty.read')).toEqual(['01', '02']);
    expect(blocksFor([post('cell-officer', ['02']), post('leadership')], 'duty.read')).toBe('all');
    expect(blocksFor([post('audit-admin')], 'duty.read')).toEqual([]);
    expect(permissionsOf([post('audit-admin')])).toEqual(['device.read', 'policy.read', 'access.read', 'audit.read']);
  });

  test('ACC6: nobody changes the own posts', () => {
    const change = { by: 'a', officer: 'a', next: [post('security-admin')], otherSecurityAdmins: 1 };
    expect(postsChangeRefusal(change)).toBe('NOT_ALLOWED');
    expect(postsChangeRefusal({ ...change, officer: 'b' })).toBeNull();
  });

  test('ACC7: the last security administrator stays', () => {
    const change = { by: 'a', officer: 'b', next: [post('cell-officer')], otherSecurityAdmins: 0 };
    expect(postsChangeRefusal(change)).toBe('LAST_SECURITY_ADMIN');
    expect(postsChangeRefusal({ ...change, otherSecurityAdmins: 1 })).toBeNull();
    expect(postsChangeRefusal({ ...change, next: [post('system-admin'), post('audit-admin')] })).toBe('ADMIN_ROLES_EXCLUSIVE');
  });

  test('ACC8: whoever made a thing does not approve it', () => {
    expect(approvalRefusal('a', 'a')).toBe('NOT_ALLOWED');
    expect(approvalRefusal('a', 'b')).toBeNull();
  });

  test('ACC9: the sensitive acts ask for a fresh proof', () => {
    for (const permission of ['access.manage', 'policy.change', 'device.manage', 'person.credential'] as const)
      expect(STEP_UP_PERMISSIONS.has(permission)).toBe(true);
    expect(STEP_UP_PERMISSIONS.has('alert.acknowledge')).toBe(false);
  });

  test('ACC10: every kind of work item names who sees and who decides it, and somebody does', () => {
    expect(Object.keys(WORK_PERMISSIONS).sort()).toEqual([...workKind.options].sort());
    for (const { see, decide } of Object.values(WORK_PERMISSIONS)) {
      const deciders = role.options.filter((name) => ROLE_PERMISSIONS[name].includes(decide) && ROLE_PERMISSIONS[name].includes('work.decide'));
      expect(deciders.length).toBeGreaterThan(0);
      for (const name of deciders) expect(ROLE_PERMISSIONS[name]).toContain(see);
    }
  });
});
