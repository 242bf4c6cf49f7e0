import { siteTime } from '@sallyport/basics';
import { OfflineBadge, Screen, useFmt } from '@sallyport/ui';
import { BellRing } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CellCallBar } from '../features/alert/call-bar';
import { useMonthDay } from './month-day';
import { type Go, HOME } from './pages';
import { useStamp } from './stamp';
import { useHome, useNow, useTerminal, useWatched, useZone } from './terminal-context';

const DAYS = ['time.weekday1', 'time.weekday2', 'time.weekday3', 'time.weekday4', 'time.weekday5', 'time.weekday6', 'time.weekday7'] as const;

/** "11 月 22 日 星期日" of the site's clock. */
function useDay(): string {
  const { t } = useTranslation('common');
  const monthDay = useMonthDay();
  const { date, weekday } = siteTime(useNow(), useZone());
  return `${monthDay(date)} ${t(DAYS[weekday - 1] ?? DAYS[0])}`;
}

/** Off line since when, whether the clock can be believed, and how much waits. */
function Status() {
  const { t } = useTranslation('cell');
  const { t: common } = useTranslation('common');
  const terminal = useTerminal();
  const home = useHome();
  const { online, lastAnswerAt } = useWatched(terminal.connection);
  const { queued } = useWatched(terminal.outbox.summary);
  const stamp = useStamp();
  if (online) return null;
  const basis = terminal.clock.basis();
  const unsure = basis === 'astray' || basis === 'device';
  return (
    <>
      {lastAnswerAt === null ? (
        // Nothing has been heard since the start: what is shown is as old as the last reading.
        <OfflineBadge {...(home && { text: `${common('offline.badge')} · ${common('offline.asOf', { time: stamp(home.asOf) })}` })} />
      ) : (
        <OfflineBadge since={stamp(lastAnswerAt + terminal.clock.offsetMs())} />
      )}
      {unsure && <span className="note top-note">{common('offline.clockUnsure')}</span>}
      {queued > 0 && <span className="note top-note">{t('outbox.count', { n: queued })}</span>}
    </>
  );
}

function Soon({ seconds }: { seconds: number }) {
  const { t } = useTranslation('cell');
  return (
    <span className="soon" role="timer">
      <BellRing aria-hidden />
      {t('rollCall.soon', { s: seconds })}
    </span>
  );
}

export interface CellScreenProps {
  readonly go: Go;
  /** The home page's own layout. */
  readonly home?: boolean;
  /** Nobody's task is on the screen, so there is nothing to go home from. */
  readonly idle?: boolean;
  /** Seconds until a roll call takes over the screen; null when none waits. */
  readonly soon?: number | null;
  readonly onBack?: (() => void) | undefined;
  readonly children: ReactNode;
}

/** The frame of every page of this app. */
export function CellScreen({ go, home = false, idle = home, soon = null, onBack, children }: CellScreenProps) {
  const { t } = useTranslation('common');
  const terminal = useTerminal();
  const place = useWatched(terminal.identity)?.place ?? '';
  const zone = useZone();
  const fmt = useFmt(zone);
  const now = useNow();
  const day = useDay();
  const cell = place.startsWith('cell:') ? t('place.cell', { cell: place.slice('cell:'.length) }) : place;
  return (
    <Screen
      title={cell}
      clock={fmt.time(now)}
      date={day}
      status={soon === null ? <Status /> : <Soon seconds={soon} />}
      home={home}
      onBack={onBack}
      {...(!idle && { onHome: () => go(HOME) })}
      onLanguage={() => go({ at: 'language' })}
      call={<CellCallBar />}
    >
      {children}
    </Screen>
  );
}
