import type { Post, RefusalCode, Role, WorkKind } from '@sallyport/contracts';

/** What a role may do. Permissions that end in `.read` change nothing. */
export const PERMISSIONS = [
  'duty.read',
  'duty.roster.edit',
  'duty.roster.approve',
  'duty.substitute',
  'duty.observe',
  'duty.review',
  'roll-call.read',
  'roll-call.run',
  'alert.read',
  'alert.acknowledge',
  'alert.end',
  'person.read',
  'person.admit',
  'person.edit',
  'person.release',
  'person.take-out',
  'person.credential',
  'work.read',
  'work.decide',
  'device.read',
  'device.manage',
  'policy.read',
  'policy.change',
  'access.read',
  'access.manage',
  'system.read',
  'system.repair',
  'audit.read',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** Permissions that touch the life of the house; no administrator holds one (ACC3). */
export const BUSINESS_PERMISSIONS: readonly Permission[] = PERMISSIONS.filter((permission) => /^(duty|roll-call|alert|person)\./.test(permission));

/** Acts that ask for a fresh proof of the officer (`policy.session.stepUpMinutes`). */
export const STEP_UP_PERMISSIONS: ReadonlySet<Permission> = new Set([
  'person.admit',
  'person.release',
  'person.credential',
  'device.manage',
  'policy.change',
  'access.manage',
  'system.repair',
]);

export const ADMIN_ROLES: readonly Role[] = ['system-admin', 'security-admin', 'audit-admin'];
/** Roles that stand alone: administrators check one another, the prosecutor checks the house. */
const SOLITARY_ROLES: readonly Role[] = [...ADMIN_ROLES, 'prosecutor'];

const QUEUE: readonly Permission[] = ['work.read', 'work.decide'];
const ON_THE_BLOCK: readonly Permission[] = [
  'duty.read',
  'duty.roster.edit',
  'duty.substitute',
  'duty.observe',
  'duty.review',
  'roll-call.read',
  'roll-call.run',
  'alert.read',
  'alert.acknowledge',
  'alert.end',
  'person.read',
  'person.take-out',
  'person.credential',
  'device.read',
  'policy.read',
];

/** Role to permissions, the whole table (ACC1). */
export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  'cell-officer': [...ON_THE_BLOCK, ...QUEUE, 'person.edit'],
  'control-room': [...ON_THE_BLOCK, ...QUEUE, 'duty.roster.approve'],
  medical: ['duty.read', 'alert.read', 'alert.acknowledge', 'person.read', 'person.edit', ...QUEUE],
  reception: ['alert.read', 'person.read', 'person.admit', 'person.edit', 'person.release', 'person.take-out', ...QUEUE],
  finance: ['alert.read', 'person.read', ...QUEUE],
  leadership: [...ON_THE_BLOCK, ...QUEUE, 'duty.roster.approve', 'person.admit', 'person.edit', 'person.release', 'policy.change', 'access.read'],
  prosecutor: ['duty.read', 'roll-call.read', 'alert.read', 'person.read', 'policy.read'],
  'system-admin': ['device.read', 'device.manage', 'policy.read', 'system.read', 'system.repair', ...QUEUE],
  'security-admin': ['access.read', 'access.manage', 'policy.read', 'policy.change', 'device.read'],
  'audit-admin': ['audit.read', 'access.read', 'policy.read', 'device.read'],
};

/** What somebody needs, besides `work.decide`, to see and decide a kind of work item. */
export const WORK_PERMISSIONS: Readonly<Record<WorkKind, { readonly see: Permission; readonly decide: Permission }>> = {
  'duty-review': { see: 'duty.read', decide: 'duty.review' },
  'emergency-call': { see: 'alert.read', decide: 'alert.acknowledge' },
  'device-silence': { see: 'device.read', decide: 'device.read' },
  'device-enrolment': { see: 'device.manage', decide: 'device.manage' },
  'roster-missing': { see: 'duty.read', decide: 'duty.roster.edit' },
  'roster-approval': { see: 'duty.read', decide: 'duty.roster.approve' },
  substitute: { see: 'duty.read', decide: 'duty.substitute' },
  'command-parked': { see: 'system.repair', decide: 'system.repair' },
  'roll-call-review': { see: 'roll-call.read', decide: 'duty.review' },
  'device-gap': { see: 'device.read', decide: 'device.read' },
  'job-stuck': { see: 'system.repair', decide: 'system.repair' },
};

function holds(post: Post, permission: Permission): boolean {
  return ROLE_PERMISSIONS[post.role].includes(permission);
}

/** Every permission of somebody's posts, whatever the block, in the table's order. */
export function permissionsOf(posts: readonly Post[]): Permission[] {
  return PERMISSIONS.filter((permission) => posts.some((post) => holds(post, permission)));
}

/** The blocks in which the posts carry a permission: `all`, or block numbers in order; empty means nowhere (ACC5). */
export function blocksFor(posts: readonly Post[], permission: Permission): 'all' | readonly string[] {
  const blocks = new Set<string>();
  for (const post of posts.filter((candidate) => holds(candidate, permission))) {
    if (post.blocks === 'all') return 'all';
    for (const block of post.blocks) blocks.add(block);
  }
  return [...blocks].sort();
}

/** Null when the posts allow the act, else why not. `block` is null for a thing that lies in no block: then any scope will do. */
export function accessRefusal(posts: readonly Post[], permission: Permission, block: string | null): RefusalCode | null {
  const blocks = blocksFor(posts, permission);
  if (blocks === 'all') return null;
  if (blocks.length === 0) return 'NOT_ALLOWED';
  return block === null || blocks.includes(block) ? null : 'OUT_OF_SCOPE';
}

/** Null when one person may hold these posts together, else why not (ACC2). */
export function postsRefusal(posts: readonly Post[]): RefusalCode | null {
  const roles = new Set(posts.map((post) => post.role));
  return roles.size > 1 && SOLITARY_ROLES.some((role) => roles.has(role)) ? 'ADMIN_ROLES_EXCLUSIVE' : null;
}

/** What changes when an officer's posts are set, recovered or taken away. */
export interface PostsChange {
  readonly by: string;
  readonly officer: string;
  readonly next: readonly Post[];
  /** Active security administrators other than `officer`. */
  readonly otherSecurityAdmins: number;
}

/** Null when the change of posts may be made, else why not: nobody changes the own posts, and one security administrator remains (ACC6, ACC7). */
export function postsChangeRefusal(change: PostsChange): RefusalCode | null {
  const exclusive = postsRefusal(change.next);
  if (exclusive) return exclusive;
  if (change.otherSecurityAdmins === 0 && !change.next.some((post) => post.role === 'security-admin')) return 'LAST_SECURITY_ADMIN';
  return change.by === change.officer ? 'NOT_ALLOWED' : null;
}

/** Whoever made a thing does not approve it (ACC8). */
export function approvalRefusal(madeBy: string, decidedBy: string): RefusalCode | null {
  return madeBy === decidedBy ? 'NOT_ALLOWED' : null;
}
