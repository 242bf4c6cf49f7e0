import { type AlertLevel, type AlertRow, openAlerts } from '@sallyport/contracts';
import { useQuery } from '@tanstack/react-query';
import { reading } from '../../platform/queries';
import { useSession } from '../access/session';

/** How often the strip asks by itself: a locked console has no socket room of its own, and an alarm may not wait for a hint that got lost. */
const STRIP_POLL_MS = 2_000;

export interface OpenAlerts {
  readonly alerts: readonly AlertRow[];
  readonly counts: Readonly<Record<AlertLevel, number>>;
  readonly worst: AlertRow | undefined;
  readonly failed: boolean;
  /** Whether alarms reach this officer's posts at all; where they do not, nothing may say that there are none. */
  readonly isTold: boolean;
}

const NONE: readonly AlertRow[] = [];

/** Open alarms, worst first; also while the console is locked. */
export function useOpenAlerts(): OpenAlerts {
  const { can } = useSession();
  const isTold = can('alert.read');
  const { data, isError } = useQuery({ ...reading(openAlerts), enabled: isTold, refetchInterval: STRIP_POLL_MS, refetchIntervalInBackground: true });
  const alerts = data?.alerts ?? NONE;
  const count = (level: AlertLevel) => alerts.filter((alert) => alert.level === level).length;
  return { alerts, counts: { high: count('high'), medium: count('medium'), low: count('low') }, worst: alerts[0], failed: isError, isTold };
}
