import type { WorkKind } from '@sallyport/contracts';
import {
  BellRing,
  CalendarCheck,
  CalendarX,
  FileQuestionMark,
  type LucideIcon,
  MonitorCheck,
  MonitorX,
  ShieldAlert,
  TimerOff,
  TriangleAlert,
  UserRoundCog,
  UsersRound,
} from 'lucide-react';

export const WORK_ICONS: Readonly<Record<WorkKind, LucideIcon>> = {
  'duty-review': ShieldAlert,
  'emergency-call': BellRing,
  'device-enrolment': MonitorCheck,
  'device-silence': MonitorX,
  'roster-approval': CalendarCheck,
  'roster-missing': CalendarX,
  substitute: UserRoundCog,
  'command-parked': TriangleAlert,
  'roll-call-review': UsersRound,
  'device-gap': FileQuestionMark,
  'job-stuck': TimerOff,
};
