import type { DeviceView, deviceList, ResponseOf } from '@sallyport/contracts';
import { Button, EmptyState, Ltr, Note, Tag, useFmt } from '@sallyport/ui';
import { MonitorCheck } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useSiteNow } from '../../platform/site-clock';
import { usePlaceWords } from '../../shell/use-place-words';
import { MoveForm, RevokeForm } from './device-acts';
import { missingRecords } from './device-health';

type Enrolment = ResponseOf<typeof deviceList>['enrolments'][number];

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex justify-between gap-4">
      <dt className="text-muted whitespace-nowrap">{label}</dt>
      <dd className="text-end break-all">{children}</dd>
    </div>
  );
}

const MEGABYTE = 1_000_000;

function Facts({ device, zone }: { device: DeviceView; zone: string }) {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  const timeOf = (at: string | null) => (at ? fmt.dateTime(Date.parse(at)) : '–');
  return (
    <dl className="flex flex-col gap-2 text-sm">
      <Line label={t('device.enrolledAt')}>
        <Ltr>{timeOf(device.enrolledAt)}</Ltr>
      </Line>
      <Line label={t('device.confirmedBy')}>{device.confirmedBy ?? '–'}</Line>
      <Line label={t('device.lastSeen')}>
        <Ltr>{timeOf(device.lastSeenAt)}</Ltr>
      </Line>
      <Line label={t('device.build')}>
        <Ltr>{device.build ?? '–'}</Ltr>
      </Line>
      <Line label={t('device.queued')}>{device.queued ?? '–'}</Line>
      <Line label={t('device.oldest')}>
        <Ltr>{timeOf(device.oldestQueuedAt)}</Ltr>
      </Line>
      <Line label={t('device.storage')}>
        {device.persisted === null ? '–' : t(device.persisted ? 'device.persisted' : 'device.notPersisted')}
        {device.freeBytes !== null && <span className="block">{t('device.free', { n: Math.round(device.freeBytes / MEGABYTE) })}</span>}
      </Line>
      <Line label={t('device.key')}>
        <Ltr>{device.keyThumbprint}</Ltr>
      </Line>
    </dl>
  );
}

function Gaps({ device, zone }: { device: DeviceView; zone: string }) {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  if (device.gaps.length === 0) return null;
  const missing = missingRecords(device);
  return (
    <section className="flex flex-col gap-2">
      {missing > 0 && <Note tone="danger">{t('device.gap', { n: missing })}</Note>}
      <ul className="text-sm flex flex-col gap-1">
        {device.gaps.map(({ generation, fromSeq, toSeq, noticedAt, filled }) => (
          <li key={`${generation} ${fromSeq}`} className="flex gap-2">
            <Ltr>{fmt.dateTime(Date.parse(noticedAt))}</Ltr> {t('device.gapLine', { from: fromSeq, to: toSeq })}
            <Tag tone={filled ? 'ok' : 'danger'}>{t(filled ? 'device.gapFilled' : 'device.gapOpen')}</Tag>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface OpenedProps {
  readonly device: DeviceView;
  readonly zone: string;
  readonly mayManage: boolean;
  readonly onReplace: (device: DeviceView) => void;
}

function Opened({ device, zone, mayManage, onReplace }: OpenedProps) {
  const { t } = useTranslation('console');
  const navigate = useNavigate();
  const placeWords = usePlaceWords();
  const [act, setAct] = useState<'move' | 'revoke' | null>(null);
  const done = () => setAct(null);
  return (
    <section className="flex flex-col gap-4 p-4">
      <h2 className="text-lead font-bold">{placeWords(device.place)}</h2>
      {device.state === 'waiting' && (
        <Note tone="amber">
          <p className="pb-2">{t('device.checkHint')}</p>
          {device.workItem && mayManage && (
            <Button tone="primary" icon={MonitorCheck} onPress={() => void navigate(`/work/${device.workItem}`)}>
              {t('device.openWork')}
            </Button>
          )}
        </Note>
      )}
      <Facts device={device} zone={zone} />
      <Gaps device={device} zone={zone} />
      {mayManage && device.state === 'active' && act === null && (
        <div className="flex gap-2 flex-wrap">
          <Button onPress={() => setAct('move')}>{t('device.move')}</Button>
          <Button onPress={() => onReplace(device)}>{t('device.replace')}</Button>
          <Button tone="danger-quiet" onPress={() => setAct('revoke')}>
            {t('device.revoke')}
          </Button>
        </div>
      )}
      {act === 'move' && <MoveForm device={device} onDone={done} />}
      {act === 'revoke' && <RevokeForm device={device} onDone={done} />}
    </section>
  );
}

function Codes({ enrolments }: { enrolments: readonly Enrolment[] }) {
  const { t } = useTranslation('console');
  const placeWords = usePlaceWords();
  const fmt = useFmt('UTC');
  const now = useSiteNow();
  if (enrolments.length === 0) return null;
  return (
    <section className="aside-foot">
      <h2 className="font-bold">{t('device.openCodes')}</h2>
      <ul className="flex flex-col gap-2 text-sm">
        {enrolments.map(({ id, place, expiresAt, triesLeft }) => (
          <li key={id} className="flex gap-3">
            <b className="grow">{placeWords(place)}</b>
            <span>{t('device.triesLeft', { n: triesLeft })}</span>
            <Ltr>{fmt.clock(Date.parse(expiresAt) - now)}</Ltr>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface DeviceAsideProps extends Omit<OpenedProps, 'device'> {
  readonly device: DeviceView | undefined;
  readonly enrolments: readonly Enrolment[];
}

/** The chosen terminal with its facts and acts, and the codes that wait for a terminal. */
export function DeviceAside({ device, enrolments, ...rest }: DeviceAsideProps) {
  const { t } = useTranslation('console');
  return (
    <aside className="panel side-panel" aria-label={t('device.title')}>
      <div className="scroll grow">{device ? <Opened key={device.id} device={device} {...rest} /> : <EmptyState title={t('device.choose')} />}</div>
      <Codes enrolments={enrolments} />
    </aside>
  );
}
