import { HomeBoard, Tile } from '@sallyport/ui';
import { CalendarDays, ClipboardCheck, FileText, KeyRound, MailWarning } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { DutyPanel } from '../features/duty/duty-panel';
import { handoverSlot } from '../features/duty/slots';
import type { Go } from './pages';
import { useStamp } from './stamp';
import { useHome, useNow, useTerminal, useWatched } from './terminal-context';

/** The idle screen: whose turn it is and the tiles that work. Nothing of a person. */
export function Home({ go }: { go: Go }) {
  const { t } = useTranslation('cell');
  const { t: common } = useTranslation('common');
  const terminal = useTerminal();
  const home = useHome();
  const now = useNow();
  const stamp = useStamp();
  const { online } = useWatched(terminal.connection);
  useWatched(terminal.outbox.summary);
  if (home === null) return <HomeBoard banner={<div className="duty">{common('state.loading')}</div>}>{null}</HomeBoard>;
  const { view, asOf } = home;
  const outgoing = handoverSlot(view, now);
  const unread = terminal.outbox.unread().length;
  const lastReading = online ? {} : { detail: common('offline.asOf', { time: stamp(asOf) }) };
  return (
    <HomeBoard banner={<DutyPanel view={view} go={go} />}>
      <h1 className="unseen">{t('home.title')}</h1>
      {view.settings.features.includes('roster') && <Tile icon={CalendarDays} label={t('home.roster')} {...lastReading} onPress={() => go({ at: 'roster' })} />}
      {outgoing && <Tile icon={ClipboardCheck} label={t('home.handover')} onPress={() => go({ at: 'handover', slot: outgoing.slot })} />}
      <Tile icon={FileText} label={t('mine.title')} isDisabled={!online} {...(!online && { detail: t('passkey.onLine') })} onPress={() => go({ at: 'mine' })} />
      <Tile
        icon={KeyRound}
        label={t('passkey.title')}
        isDisabled={!online}
        {...(!online && { detail: t('passkey.onLine') })}
        onPress={() => go({ at: 'passkey' })}
      />
      {unread > 0 && <Tile icon={MailWarning} tone="amber" label={t('outbox.refusedTitle')} onPress={() => go({ at: 'outbox' })} />}
    </HomeBoard>
  );
}
