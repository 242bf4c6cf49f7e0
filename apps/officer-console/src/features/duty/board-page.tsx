import { HOUR } from '@sallyport/basics';
import { type BoardCell, dutyBoard } from '@sallyport/contracts';
import { Button, DutyCell, EmptyState, Page, type Seat, Seats, Skeleton, Tag, useFmt, useHotkeys } from '@sallyport/ui';
import { useQuery } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { reading } from '../../platform/queries';
import { useSiteNow } from '../../platform/site-clock';
import { useKeyHints } from '../../shell/frame';
import { useSession } from '../access/session';
import { BoardAside } from './board-aside';
import { CellDialog } from './cell-dialog';
import { useSeatWords } from './seat-words';

type SeatState = BoardCell['seats'][number];

/** Shape of a seat. A terminal that cannot be heard makes an unsigned seat unknown, never missing. */
export function seatShape(seat: SeatState, cell: Pick<BoardCell, 'terminal' | 'state'>): Seat {
  if (seat.where !== null || seat.state === 'excused') return 'away';
  if (seat.state === 'on-time' || seat.state === 'late-proved') return 'signed';
  if (seat.state === 'late') return 'late';
  return cell.state === 'offline' ? 'unknown' : cell.state === 'upcoming' ? 'none' : 'missing';
}

function shapesOf(cell: BoardCell): Seat[] {
  if (cell.state === 'no-roster') return ['missing', 'missing'];
  return cell.seats.length > 0 ? cell.seats.map((seat) => seatShape(seat, cell)) : ['none'];
}

const WITH_CLOCK: ReadonlySet<BoardCell['state']> = new Set(['late', 'solo', 'nobody', 'offline']);

function BoardTile({ cell, zone, now, onOpen }: { cell: BoardCell; zone: string; now: number; onOpen: () => void }) {
  const { t } = useTranslation(['console', 'common']);
  const fmt = useFmt(zone);
  const words = useSeatWords(zone);
  const span = cell.since && WITH_CLOCK.has(cell.state) ? now - Date.parse(cell.since) : null;
  const since = span === null ? '' : ` ${span < HOUR ? fmt.clock(span) : fmt.short(span)}`;
  const label = `${t(`board.state.${cell.state}`)}${since}`;
  return (
    <DutyCell
      cell={cell.cell}
      people={t('board.people', { n: cell.people })}
      state={cell.state}
      seats={shapesOf(cell)}
      label={label}
      lines={cell.seats.map((seat) => ({ bed: t('common:place.bed', { bed: seat.bed }), what: words(seat, cell) }))}
      onPress={onOpen}
      aria-label={`${t('board.cell', { cell: cell.cell })} ${label}`}
    />
  );
}

function blocksOf(cells: readonly BoardCell[]): [string, BoardCell[]][] {
  const blocks = new Map<string, BoardCell[]>();
  for (const cell of cells) blocks.set(cell.block, [...(blocks.get(cell.block) ?? []), cell]);
  return [...blocks];
}

const LEGEND: readonly [BoardCell['state'], readonly Seat[]][] = [
  ['both', ['signed', 'signed']],
  ['late', ['signed', 'late']],
  ['solo', ['signed', 'missing']],
  ['nobody', ['missing', 'missing']],
  ['offline', ['unknown']],
  ['out', ['signed', 'away']],
  ['no-roster', ['missing', 'missing']],
  ['not-planned', ['none']],
];

function Legend({ cells }: { cells: readonly BoardCell[] }) {
  const { t } = useTranslation('console');
  return (
    <div className="flex items-center gap-4 flex-wrap">
      {LEGEND.map(([state, seats]) => (
        <span key={state} className="flex items-center gap-1 text-sm">
          <Seats seats={seats} /> {t(`board.short.${state}`)} <b>{cells.filter((cell) => cell.state === state).length}</b>
        </span>
      ))}
    </div>
  );
}

/** Every cell within the officer's blocks, live; a cell keeps its place whatever its state. */
export function BoardPage() {
  const { t } = useTranslation(['console', 'common']);
  const { me, can } = useSession();
  const navigate = useNavigate();
  const fmt = useFmt(me.timeZone);
  const now = useSiteNow();
  const { data, isLoading } = useQuery(reading(dutyBoard));
  const [opened, setOpened] = useState<string | null>(null);
  useHotkeys([
    { keys: 'KeyY', run: () => void navigate('/night') },
    { keys: 'KeyO', run: () => void navigate('/roll-calls') },
  ]);
  useKeyHints([
    { keys: ['Tab'], label: t('key.move') },
    { keys: ['Enter'], label: t('key.open') },
    { keys: ['Y'], label: t('board.nightPage') },
    { keys: ['O'], label: t('board.rollCall') },
    { keys: ['?'], label: t('key.help') },
  ]);
  const cells = data?.cells ?? [];
  const slot = cells.find((cell) => cell.slot)?.slot;
  const head = (
    <>
      {slot && <Tag tone="brand">{t('board.slot', { from: fmt.time(Date.parse(slot.startsAt)), to: fmt.time(Date.parse(slot.endsAt)) })}</Tag>}
      <span className="grow" />
      <Button hotkey="Y" onPress={() => void navigate('/night')}>
        {t('board.nightPage')}
      </Button>
      {can('roll-call.run') && (
        <Button hotkey="O" onPress={() => void navigate('/roll-calls')}>
          {t('board.rollCall')}
        </Button>
      )}
    </>
  );
  const cell = cells.find((candidate) => candidate.cell === opened);
  return (
    <Page title={t('board.title')} head={head}>
      <div className="board grow min-h-0">
        <div className="scroll p-(--edge) flex flex-col gap-6">
          {isLoading && <Skeleton rows={6} />}
          {!isLoading && cells.length === 0 && <EmptyState />}
          {cells.length > 0 && <Legend cells={cells} />}
          {blocksOf(cells).map(([block, inBlock]) => (
            <Fragment key={block}>
              <h2 className="text-sm text-muted">{t('common:place.block', { block })}</h2>
              <div className="board-cells">
                {inBlock.map((tile) => (
                  <BoardTile key={tile.cell} cell={tile} zone={me.timeZone} now={now} onOpen={() => setOpened(tile.cell)} />
                ))}
              </div>
            </Fragment>
          ))}
        </div>
        <BoardAside cells={cells} />
      </div>
      {cell && <CellDialog cell={cell} zone={me.timeZone} onClose={() => setOpened(null)} />}
    </Page>
  );
}
