import type { WorkRow } from '@sallyport/contracts';
import { DeadlineRing, Holder, NewItemsBar, QueueRow, Tag, useFmt } from '@sallyport/ui';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useSiteNow } from '../../platform/site-clock';
import { WORK_ICONS } from './work-icons';
import { useRowPlace, useWorkTitle } from './work-words';

interface RowProps {
  readonly row: WorkRow;
  readonly zone: string;
  readonly now: number;
  readonly isCurrent: boolean;
  readonly onOpen: () => void;
}

/** Who was told as well, and what an officer has to know of the people before standing before them. */
function RowTags({ row }: { row: WorkRow }) {
  const { t } = useTranslation('console');
  const flags = [...new Set(row.people.flatMap((person) => person.flags))];
  return (
    <>
      {row.people.some(({ riskLevel }) => riskLevel === 1) && <Tag tone="amber">{t('people.riskLevel', { n: 1 })}</Tag>}
      {flags.map((flag) => (
        <Tag key={flag} tone="amber">
          {t(`flag.${flag}`)}
        </Tag>
      ))}
      {row.escalated > 0 && row.escalatedTo && <Tag tone="amber">{t('queue.escalatedTo', { role: t(`role.${row.escalatedTo}`) })}</Tag>}
    </>
  );
}

function WorkQueueRow({ row, zone, now, isCurrent, onOpen }: RowProps) {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  const titleOf = useWorkTitle();
  const placeOf = useRowPlace();
  const left = Date.parse(row.deadline) - now;
  const { holder } = row;
  return (
    <QueueRow
      id={`work-${row.id}`}
      icon={WORK_ICONS[row.kind]}
      place={placeOf(row)}
      subject={[...row.people.map(({ maskedName }) => maskedName), t(`kind.${row.kind}`)].join(' ')}
      tags={<RowTags row={row} />}
      content={titleOf(row)}
      waiting={t('queue.waiting', { time: fmt.short(now - Date.parse(row.createdAt)) })}
      holder={
        holder ? <Holder kind={holder.mine ? 'mine' : 'other'} who={holder.name} time={fmt.clock(now - Date.parse(holder.since))} /> : <Holder kind="none" />
      }
      ring={
        row.state === 'done' ? undefined : (
          <DeadlineRing left={left} total={Date.parse(row.deadline) - Date.parse(row.deadlineStartedAt)} text={fmt.short(Math.abs(left))} />
        )
      }
      priority={row.priority}
      isCurrent={isCurrent}
      onPress={onOpen}
    />
  );
}

interface QueueListProps {
  readonly rows: readonly WorkRow[];
  readonly behind: number;
  readonly current: string | null;
  readonly zone: string;
  readonly onOpen: (id: string) => void;
  readonly onReveal: () => void;
}

/** The rows in the order they keep, and the bar behind which new ones wait. */
export function QueueList({ rows, behind, current, zone, onOpen, onReveal }: QueueListProps) {
  const { t } = useTranslation('console');
  const now = useSiteNow();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[data-current]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <>
      {behind > 0 && <NewItemsBar label={t('queue.newItems', { n: behind })} hotkey="." onPress={onReveal} />}
      <div className="scroll grow" ref={list}>
        {rows.map((row) => (
          <WorkQueueRow key={row.id} row={row} zone={zone} now={now} isCurrent={row.id === current} onOpen={() => onOpen(row.id)} />
        ))}
      </div>
    </>
  );
}
