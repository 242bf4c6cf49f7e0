import { type ResponseOf, rollCalls } from '@sallyport/contracts';
import { Button, EmptyState, Ltr, Note, Page, Panel, Skeleton, Tag, useFmt, useHotkeys } from '@sallyport/ui';
import { useQuery } from '@tanstack/react-query';
import { ListChecks } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reading } from '../../platform/queries';
import { PageButtons, usePages } from '../../shell/pages-of';
import { useKeyHints } from '../../shell/frame';
import { useSession } from '../access/session';
import { ConfirmDialog } from './confirm-dialog';
import { StartDialog } from './start-dialog';

export type RollCall = ResponseOf<typeof rollCalls>['rows'][number];
export type RollCallCell = RollCall['cells'][number];

const TONES = { open: 'cyan', complete: 'ok', missing: 'danger', confirmed: 'ok' } as const;
const PAGE_ROWS = 20;

function CellCard({ cell, onConfirm }: { cell: RollCallCell; onConfirm: (() => void) | undefined }) {
  const { t } = useTranslation('console');
  return (
    <li className="roll-cell" data-state={cell.state}>
      <div className="flex items-center gap-2">
        <b className="text-lead">
          <Ltr>{cell.cell}</Ltr>
        </b>
        <Tag tone={TONES[cell.state]}>{t(`rollCall.state.${cell.state}`)}</Tag>
      </div>
      <span>{t('rollCall.present', { n: cell.present, of: cell.expected })}</span>
      {cell.offline && <Note tone="cyan">{t('rollCall.offline')}</Note>}
      {cell.missing.length > 0 && (
        <ul className="text-sm">
          {cell.missing.map(({ id, bed, maskedName }) => (
            <li key={id}>
              <b>
                <Ltr>{String(bed ?? '–').padStart(2, '0')}</Ltr>
              </b>{' '}
              {maskedName}
            </li>
          ))}
        </ul>
      )}
      {onConfirm && (
        <Button size="sm" onPress={onConfirm}>
          {t('rollCall.confirm')}
        </Button>
      )}
    </li>
  );
}

interface RollCallPanelProps {
  readonly call: RollCall;
  readonly zone: string;
  readonly mayConfirm: boolean;
  readonly onConfirm: (cell: RollCallCell) => void;
}

function RollCallPanel({ call, zone, mayConfirm, onConfirm }: RollCallPanelProps) {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  const total = (count: (cell: RollCallCell) => number) => call.cells.reduce((sum, cell) => sum + count(cell), 0);
  const [present, expected] = [total((cell) => cell.present), total((cell) => cell.expected)];
  const title = (
    <>
      <Ltr>{fmt.dateTime(Date.parse(call.startedAt))}</Ltr> · {t(`rollCall.kind.${call.kind}`)}
    </>
  );
  const end = (
    <>
      <Tag tone="brand">{t('rollCall.round', { n: call.round })}</Tag>
      {call.startedBy && <span className="text-sm text-muted">{t('rollCall.by', { who: call.startedBy })}</span>}
      <b>{t('rollCall.whole', { n: present, of: expected })}</b>
    </>
  );
  return (
    <Panel title={title} end={end}>
      <div className="flex flex-col gap-3">
        <progress className="board-progress" max={Math.max(expected, 1)} value={present} aria-label={t('rollCall.whole', { n: present, of: expected })} />
        {call.reason && <p>{call.reason}</p>}
        <ul className="roll-cells">
          {call.cells.map((cell) => (
            <CellCard
              key={cell.cell}
              cell={cell}
              onConfirm={mayConfirm && (cell.state === 'missing' || cell.state === 'open') ? () => onConfirm(cell) : undefined}
            />
          ))}
        </ul>
      </div>
    </Panel>
  );
}

/** Roll calls, newest first and live; whoever stays missing is confirmed by an officer who looked. */
export function RollCallPage() {
  const { t } = useTranslation('console');
  const { me, can } = useSession();
  const pages = usePages('');
  const { data } = useQuery(reading(rollCalls, {}, { limit: PAGE_ROWS, cursor: pages.cursor }));
  const [starting, setStarting] = useState(false);
  const [confirming, setConfirming] = useState<{ call: string; cell: RollCallCell } | null>(null);
  const mayRun = can('roll-call.run');
  useHotkeys([{ keys: 'KeyN', run: () => setStarting(true), isDisabled: !mayRun }]);
  useKeyHints([...(mayRun ? [{ keys: ['N'], label: t('rollCall.start') }] : []), { keys: ['?'], label: t('key.help') }]);
  const head = (
    <>
      <span className="grow" />
      {mayRun && (
        <Button tone="primary" hotkey="N" onPress={() => setStarting(true)}>
          {t('rollCall.start')}
        </Button>
      )}
    </>
  );
  return (
    <Page title={t('rollCall.title')} head={head}>
      <div className="scroll grow px-(--edge) pb-(--edge) flex flex-col gap-4">
        {!data && <Skeleton rows={6} />}
        {data?.rows.length === 0 && <EmptyState icon={ListChecks} title={t('rollCall.none')} next={t('rollCall.noneNext')} />}
        {data?.rows.map((call) => (
          <RollCallPanel key={call.id} call={call} zone={me.timeZone} mayConfirm={mayRun} onConfirm={(cell) => setConfirming({ call: call.id, cell })} />
        ))}
        {data && <PageButtons pages={pages} next={data.nextCursor} />}
      </div>
      {starting && <StartDialog onClose={() => setStarting(false)} />}
      {confirming && <ConfirmDialog rollCall={confirming.call} cell={confirming.cell} onClose={() => setConfirming(null)} />}
    </Page>
  );
}
