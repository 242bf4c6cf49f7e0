import { type DeviceView, deviceList } from '@sallyport/contracts';
import { Button, type Column, EmptyState, Ltr, Page, Skeleton, Table, Tabs, Tag, useFmt, useHotkeys } from '@sallyport/ui';
import { useQuery } from '@tanstack/react-query';
import { MonitorX, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reading } from '../../platform/queries';
import { siteNow, useSiteNow } from '../../platform/site-clock';
import { useKeyHints } from '../../shell/frame';
import { usePlaceWords } from '../../shell/use-place-words';
import { useSession } from '../access/session';
import { DeviceAside } from './device-aside';
import { isClockOff, isOldBuild, missingRecords, needsALook } from './device-health';
import { EnrolDialog } from './enrol-dialog';
import { RegisterReader } from './reader-forms';
import { Readers } from './readers';

const STATE_TONES = { waiting: 'amber', active: 'ok', revoked: 'line', refused: 'line' } as const;
const ONLINE_TONES = { online: 'ok', silent: 'amber', lost: 'danger', never: 'line' } as const;
const NO_DEVICES: readonly DeviceView[] = [];
/** Ages of "last seen" are shown in steps that do not flicker. */
const AGE_STEP_MS = 5_000;

function useColumns(zone: string, latest: string | null): Column<DeviceView>[] {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  const placeWords = usePlaceWords();
  const now = useSiteNow(AGE_STEP_MS);
  return [
    { id: 'place', label: t('device.place'), rowHeader: true, cell: (row) => <b>{placeWords(row.place)}</b> },
    { id: 'state', label: t('device.stateColumn'), cell: (row) => <Tag tone={STATE_TONES[row.state]}>{t(`device.state.${row.state}`)}</Tag> },
    {
      id: 'online',
      label: t('device.health'),
      cell: (row) => (row.state === 'active' ? <Tag tone={ONLINE_TONES[row.online]}>{t(`device.online.${row.online}`)}</Tag> : '–'),
    },
    { id: 'seen', label: t('device.lastSeen'), cell: (row) => (row.lastSeenAt ? fmt.short(now - Date.parse(row.lastSeenAt)) : '–') },
    {
      id: 'build',
      label: t('device.build'),
      cell: (row) => (
        <span className="flex gap-2">
          <Ltr>{row.build ?? '–'}</Ltr>
          {isOldBuild(row, latest) && <Tag tone="amber">{t('device.old')}</Tag>}
        </span>
      ),
    },
    {
      id: 'clock',
      label: t('device.clock'),
      align: 'end',
      cell: (row) =>
        row.clockOffsetMs === null ? (
          '–'
        ) : (
          <span className={isClockOff(row) ? 'text-amber-ink font-bold' : ''}>{t('device.seconds', { s: (row.clockOffsetMs / 1_000).toFixed(1) })}</span>
        ),
    },
    { id: 'queued', label: t('device.queued'), align: 'end', cell: (row) => row.queued ?? '–' },
    { id: 'gaps', label: t('device.gaps'), align: 'end', cell: (row) => (missingRecords(row) > 0 ? <Tag tone="danger">{missingRecords(row)}</Tag> : 0) },
  ];
}

function Counts({ devices }: { devices: readonly DeviceView[] }) {
  const { t } = useTranslation('console');
  const active = devices.filter(({ state }) => state === 'active');
  const counts = [
    { id: 'online', n: active.filter(({ online }) => online === 'online').length },
    { id: 'silent', n: active.filter(({ online }) => online !== 'online').length },
    { id: 'waiting', n: devices.filter(({ state }) => state === 'waiting').length },
    { id: 'queued', n: active.reduce((sum, { queued }) => sum + (queued ?? 0), 0) },
  ] as const;
  return (
    <dl className="panel counts">
      {counts.map(({ id, n }) => (
        <div key={id} data-calm={n === 0 || id === 'online' ? '' : undefined}>
          <dt>{t(`device.counts.${id}`)}</dt>
          <dd>{n}</dd>
        </div>
      ))}
    </dl>
  );
}

function Filters({ filter, onChange, all, problems }: { filter: string; onChange: (filter: string) => void; all: number; problems: number }) {
  const { t } = useTranslation('console');
  const items = [
    { id: 'all', label: t('device.all'), count: all },
    { id: 'problems', label: t('device.problems'), count: problems },
    { id: 'readers', label: t('reader.title') },
  ];
  return <Tabs aria-label={t('queue.filter')} selected={filter} onChange={onChange} items={items} />;
}

function AddButton({ label, onPress }: { label: string; onPress: () => void }) {
  return (
    <Button tone="primary" icon={Plus} hotkey="N" onPress={onPress}>
      {label}
    </Button>
  );
}

/** Every terminal with its health; enrolment, move, replacement and end of one. */
export function DevicePage() {
  const { t } = useTranslation('console');
  const { me, can } = useSession();
  const { data } = useQuery(reading(deviceList));
  const [filter, setFilter] = useState('all');
  const [opened, setOpened] = useState<string | null>(null);
  const [enrolling, setEnrolling] = useState<{ replaces?: DeviceView } | null>(null);
  const mayManage = can('device.manage');
  const latest = data?.latestBuild ?? null;
  const columns = useColumns(me.timeZone, latest);
  const [registering, setRegistering] = useState(false);
  const onReaders = filter === 'readers';
  const addNew = () => (onReaders ? setRegistering(true) : setEnrolling({}));
  const addLabel = t(onReaders ? 'reader.register' : 'device.enrol');
  useHotkeys([{ keys: 'KeyN', run: addNew, isDisabled: !mayManage }]);
  useKeyHints([
    { keys: ['Tab'], label: t('key.move') },
    { keys: ['Enter'], label: t('key.open') },
    ...(mayManage ? [{ keys: ['N'], label: addLabel }] : []),
    { keys: ['?'], label: t('key.help') },
  ]);
  const devices = data?.devices ?? NO_DEVICES;
  const problems = devices.filter((device) => needsALook(device, latest));
  const head = (
    <>
      <Filters filter={filter} onChange={setFilter} all={devices.length} problems={problems.length} />
      <span className="grow" />
      {mayManage && <AddButton label={addLabel} onPress={addNew} />}
    </>
  );
  const open = data?.enrolments.filter(({ expiresAt }) => Date.parse(expiresAt) > siteNow()) ?? [];
  return (
    <Page title={t('device.title')} head={head}>
      {onReaders ? (
        <Readers zone={me.timeZone} mayManage={mayManage} />
      ) : (
        <div className="with-aside grow min-h-0">
          <div className="scroll flex flex-col gap-4">
            {!data && <Skeleton rows={8} />}
            {data && <Counts devices={devices} />}
            {data && (
              <div className="panel">
                <Table
                  aria-label={t('device.title')}
                  columns={columns}
                  rows={filter === 'all' ? devices : problems}
                  rowId={({ id }) => id}
                  onOpen={setOpened}
                  empty={<EmptyState icon={MonitorX} title={t('device.none')} next={t('device.noneNext')} />}
                />
              </div>
            )}
            <p className="text-sm text-muted">{t('device.offlineRule')}</p>
          </div>
          <DeviceAside
            device={devices.find(({ id }) => id === opened)}
            enrolments={open}
            zone={me.timeZone}
            mayManage={mayManage}
            onReplace={(device) => setEnrolling({ replaces: device })}
          />
        </div>
      )}
      {registering && <RegisterReader onClose={() => setRegistering(false)} />}
      {enrolling && <EnrolDialog {...enrolling} onClose={() => setEnrolling(null)} />}
    </Page>
  );
}
