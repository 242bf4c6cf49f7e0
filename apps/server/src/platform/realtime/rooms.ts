import { blockOfCell, type Post, type Role, type Topic } from '@sallyport/contracts';
import { type Permission, ROLE_PERMISSIONS } from '@sallyport/domain';
import type { DeviceActor, Hint, OfficerActor } from '../commands/kind.js';

/** Who may know that something of a topic changed; null: every officer. */
const TOPIC_PERMISSION: Readonly<Record<Topic, Permission | null>> = {
  duty: 'duty.read',
  roster: 'duty.read',
  'roll-call': 'roll-call.read',
  alert: 'alert.read',
  'work-item': 'work.read',
  person: 'person.read',
  device: 'device.read',
  policy: 'policy.read',
  access: 'access.read',
  audit: 'audit.read',
  time: null,
};

/** What a terminal shows something of. */
export const TERMINAL_TOPICS: readonly Topic[] = ['duty', 'roster', 'roll-call', 'alert', 'person', 'device', 'policy', 'time'];
const terminalTopics = new Set<Topic>(TERMINAL_TOPICS);

/** Room of all terminals, for what lies in no cell. */
const TERMINALS = 'terminals';
const ROLES = Object.keys(ROLE_PERMISSIONS) as Role[];

const rolesByTopic = new Map(
  (Object.entries(TOPIC_PERMISSION) as [Topic, Permission | null][]).map(([topic, permission]) => [
    topic,
    ROLES.filter((role) => permission === null || ROLE_PERMISSIONS[role].includes(permission)),
  ]),
);

/** The topics that an officer's posts let them hear of. */
export function officerTopics(posts: readonly Post[]): Topic[] {
  return [...rolesByTopic].flatMap(([topic, roles]) => (posts.some((post) => roles.includes(post.role)) ? [topic] : []));
}

export function deviceRooms(device: DeviceActor): string[] {
  return [`device:${device.id}`, TERMINALS, ...(device.cell === null ? [] : [`cell:${device.cell}`])];
}

export function officerRooms(officer: OfficerActor): string[] {
  const posts = officer.posts.flatMap(({ role, blocks }) => [
    `role:${role}`,
    ...(blocks === 'all' ? ['all'] : blocks).map((block) => `role:${role}/block:${block}`),
  ]);
  return [`officer:${officer.id}`, `session:${officer.sessionId}`, ...posts];
}

function consoleRooms(topic: Topic, cell: string | null): string[] {
  const roles = rolesByTopic.get(topic) ?? [];
  if (cell === null) return roles.map((role) => `role:${role}`);
  return roles.flatMap((role) => [`role:${role}/block:all`, `role:${role}/block:${blockOfCell(cell)}`]);
}

export interface Rooms {
  readonly terminals: readonly string[];
  readonly consoles: readonly string[];
}

/** Where a hint belongs: terminals of its cell, officers whose posts reach its block. */
export function roomsOf({ topic, cell }: Hint): Rooms {
  const terminals = terminalTopics.has(topic) ? [cell === null ? TERMINALS : `cell:${cell}`] : [];
  return { terminals, consoles: consoleRooms(topic, cell) };
}

/** Officers who see alerts there. */
export function alarmRooms(cell: string | null): string[] {
  return consoleRooms('alert', cell);
}
