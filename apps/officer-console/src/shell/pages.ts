import {
  BookOpen,
  CalendarDays,
  Inbox,
  type LucideIcon,
  MonitorCheck,
  ScrollText,
  Settings2,
  ShieldCheck,
  SquareUserRound,
  Users,
  ListChecks,
  Moon,
} from 'lucide-react';

/** A page of the console: its key after G, and the permission that opens it. */
export interface PageEntry {
  readonly id: 'queue' | 'duty' | 'roster' | 'night' | 'rollCall' | 'records' | 'people' | 'devices' | 'policy' | 'audit' | 'accounts';
  readonly path: string;
  readonly icon: LucideIcon;
  /** `KeyboardEvent.code` after G. */
  readonly code: string;
  readonly permission: string;
}

export const PAGES: readonly PageEntry[] = [
  { id: 'queue', path: '/', icon: Inbox, code: 'KeyQ', permission: 'work.read' },
  { id: 'duty', path: '/duty', icon: ShieldCheck, code: 'KeyD', permission: 'duty.read' },
  { id: 'roster', path: '/roster', icon: CalendarDays, code: 'KeyR', permission: 'duty.read' },
  { id: 'night', path: '/night', icon: Moon, code: 'KeyN', permission: 'duty.read' },
  { id: 'rollCall', path: '/roll-calls', icon: ListChecks, code: 'KeyC', permission: 'roll-call.read' },
  { id: 'records', path: '/records', icon: BookOpen, code: 'KeyS', permission: 'duty.read' },
  { id: 'people', path: '/people', icon: Users, code: 'KeyP', permission: 'person.read' },
  { id: 'devices', path: '/devices', icon: MonitorCheck, code: 'KeyF', permission: 'device.read' },
  { id: 'policy', path: '/policy', icon: Settings2, code: 'KeyY', permission: 'policy.read' },
  { id: 'accounts', path: '/accounts', icon: SquareUserRound, code: 'KeyU', permission: 'access.read' },
  { id: 'audit', path: '/audit', icon: ScrollText, code: 'KeyL', permission: 'audit.read' },
];

/** The page an address belongs to. */
export function pageAt(pathname: string): PageEntry['id'] {
  const found = PAGES.filter(({ path }) => path !== '/').find(({ path }) => pathname === path || pathname.startsWith(`${path}/`));
  return found?.id ?? 'queue';
}
