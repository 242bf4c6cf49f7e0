import { CheckValue, Confirmation, Press, Screen, StateLine, useFmt } from '@sallyport/ui';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CellCallBar } from '../alert/call-bar';
import type { Identity } from '@sallyport/offline';
import { useNow, useZone } from '../../shell/terminal-context';

const EnrolPage = lazy(async () => ({ default: (await import('./enrol-page')).EnrolPage }));

function usePlaceName(place: string): string {
  const { t } = useTranslation('common');
  return place.startsWith('cell:') ? t('place.cell', { cell: place.slice('cell:'.length) }) : place;
}

function DeviceScreen({ title, call, children }: { title: string; call: boolean; children: ReactNode }) {
  const fmt = useFmt(useZone());
  const now = useNow();
  const { t } = useTranslation('common');
  return (
    <Screen title={title} clock={fmt.time(now)} call={call ? <CellCallBar /> : <p className="text-lead self-center text-center">{t('offline.wallAlarm')}</p>}>
      {children}
    </Screen>
  );
}

function Waiting({ identity }: { identity: Identity }) {
  const { t } = useTranslation('cell');
  const place = usePlaceName(identity.place);
  return (
    <DeviceScreen title={place} call>
      <div className="done" role="status">
        <h1>{t('enrol.checkTitle')}</h1>
        <CheckValue value={identity.checkValue} />
        <p className="lead">{t('enrol.checkHint')}</p>
        <StateLine state="sent" next={t('enrol.waiting')} />
      </div>
    </DeviceScreen>
  );
}

/** While the terminal has no active identity: enter a code, wait for the officer, or learn that it is out of use. */
export function DevicePage({ identity, initialCode }: { identity: Identity | null; initialCode: string }) {
  const { t } = useTranslation('cell');
  const [again, setAgain] = useState(false);
  if (!window.isSecureContext) {
    return (
      <DeviceScreen title={t('enrol.title')} call={false}>
        <Confirmation tone="refused" title={t('enrol.unsafe')} />
      </DeviceScreen>
    );
  }
  if (identity === null || again || initialCode !== '') {
    if (identity?.state !== 'waiting') {
      return (
        <DeviceScreen title={t('enrol.title')} call={false}>
          <Suspense fallback={null}>
            <EnrolPage initialCode={initialCode} />
          </Suspense>
        </DeviceScreen>
      );
    }
  }
  if (identity.state === 'waiting') return <Waiting identity={identity} />;
  const revoked = identity.state === 'revoked';
  return (
    <DeviceScreen title={t('enrol.title')} call={false}>
      <Confirmation
        tone="refused"
        title={revoked ? t('enrol.revoked') : t('enrol.refused')}
        lead={revoked ? t('enrol.revokedNext') : t('enrol.refusedNext')}
        also={<Press onPress={() => setAgain(true)}>{t('enrol.enterCode')}</Press>}
      />
    </DeviceScreen>
  );
}
