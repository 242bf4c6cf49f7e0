import { addDays, mondayOf } from '@sallyport/basics';
import { cellList, type RosterConflict, type RosterView } from '@sallyport/contracts';
import { Button, Combo, EmptyState, Note, Page, Skeleton, Tag, TextField, useFmt, useHotkeys } from '@sallyport/ui';
import { useQuery } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight, Undo2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { ApiFailure } from '../../platform/api';
import { reading } from '../../platform/queries';
import { siteNow } from '../../platform/site-clock';
import { isReason } from '../../shell/act-form';
import { useKeyHints } from '../../shell/frame';
import { useRefusalText } from '../../shell/use-refusal';
import { useSession } from '../access/session';
import { personAt, place, type SeatAt, swap } from './draft';
import { Chooser, Conflicts, FairShare } from './roster-aside';
import { RosterGrid } from './roster-grid';
import { type Roster, useRoster } from './use-roster';
import { type RosterActs, useRosterActs } from './use-roster-acts';

const STATE_TONES = { none: 'line', draft: 'amber', submitted: 'cyan', approved: 'ok', returned: 'danger' } as const;
/** Changes of what already holds are explained; those who approve read it. */
const NEEDS_REASON: ReadonlySet<RosterView['state']> = new Set(['approved', 'submitted']);

function useWeek(): { cell: string; week: string; today: string; go: (cell: string, week: string) => void } {
  const { me } = useSession();
  const navigate = useNavigate();
  const { cell, week } = useParams();
  const fmt = useFmt(me.timeZone);
  const { data } = useQuery(reading(cellList));
  const today = fmt.date(siteNow());
  return {
    cell: cell ?? data?.cells[0]?.cell ?? '',
    week: mondayOf(week ?? today),
    today,
    go: (toCell, toWeek) => void navigate(`/roster/${toCell}/${toWeek}`),
  };
}

function Where({ cell, week, go }: Omit<ReturnType<typeof useWeek>, 'today'>) {
  const { t } = useTranslation(['console', 'common']);
  const { data } = useQuery(reading(cellList));
  const items = (data?.cells ?? []).map(({ cell: id, people }) => ({
    id,
    label: t('common:place.cell', { cell: id }),
    detail: t('board.people', { n: people }),
  }));
  return (
    <>
      <div className="head-field">
        <Combo label={t('roster.cell')} items={items} selected={cell} onChange={(id) => id && go(id, week)} />
      </div>
      <Button icon={ChevronLeft} aria-label={t('roster.previousWeek')} onPress={() => go(cell, addDays(week, -7))} />
      <b className="whitespace-nowrap">{t('roster.week', { from: week.slice(5), to: addDays(week, 6).slice(5) })}</b>
      <Button icon={ChevronRight} aria-label={t('roster.nextWeek')} onPress={() => go(cell, addDays(week, 7))} />
    </>
  );
}

function Acts({ roster, acts, mayEdit }: { roster: Roster; acts: RosterActs; mayEdit: boolean }) {
  const { t } = useTranslation('console');
  const { view, changed } = roster;
  if (!view) return null;
  const hard = roster.conflicts.filter(({ severity }) => severity === 'hard').length;
  const lacksReason = NEEDS_REASON.has(view.state) && !isReason(acts.reason);
  const maySave = changed.length > 0 && !acts.isBusy && !roster.isOutdated && !lacksReason;
  const mayHandIn =
    !acts.isBusy && !roster.isOutdated && hard === 0 && (changed.length > 0 ? !lacksReason : view.state === 'draft' || view.state === 'returned');
  return (
    <>
      <Tag tone={changed.length > 0 ? 'amber' : STATE_TONES[view.state]}>
        {t(`roster.state.${view.state}`)}
        {changed.length > 0 && ` · ${t('roster.changed', { n: changed.length })}`}
      </Tag>
      {acts.done && <Tag tone="ok">{t(`roster.${acts.done}`)}</Tag>}
      <span className="grow" />
      {mayEdit && (
        <>
          <Button hotkey="Y" isDisabled={acts.isBusy} onPress={acts.copy}>
            {t('roster.copy')}
          </Button>
          <Button hotkey="A" isDisabled={acts.isBusy} onPress={acts.propose}>
            {t('roster.propose')}
          </Button>
          <Button guard isDisabled={!maySave} onPress={acts.save}>
            {t('roster.save')}
          </Button>
          <Button tone="primary" guard isDisabled={!mayHandIn} onPress={acts.submit}>
            {hard > 0 ? t('roster.submitBlocked', { n: hard }) : t('roster.submit')}
          </Button>
        </>
      )}
    </>
  );
}

function Notes({ roster, acts }: { roster: Roster; acts: RosterActs }) {
  const { t, i18n } = useTranslation('console');
  const refusalText = useRefusalText();
  const { view } = roster;
  return (
    <>
      {acts.problem?.state === 'problem' && <Note tone="danger">{refusalText(acts.problem.code, acts.problem.details)}</Note>}
      {view?.state === 'returned' && view.reason && (
        <Note tone="amber">{i18n.exists(`console:reason.${view.reason}`) ? String(t(`reason.${view.reason}` as never)) : view.reason}</Note>
      )}
      {roster.isOutdated && (
        <Note tone="amber">
          {t('roster.outdated')}{' '}
          <Button size="sm" onPress={roster.takeNewest}>
            {t('roster.takeNew')}
          </Button>
        </Note>
      )}
      {view && roster.changed.length > 0 && NEEDS_REASON.has(view.state) && (
        <TextField label={t('roster.why')} value={acts.reason} onChange={acts.setReason} maxLength={500} isRequired />
      )}
    </>
  );
}

function useSeats(roster: Roster, mayEdit: boolean) {
  const [chosen, setChosen] = useState<SeatAt | null>(null);
  const [isSwapping, setSwapping] = useState(false);
  const { draft, edit, view } = roster;
  const where = `${view?.cell} ${view?.week}`;
  useEffect(() => setChosen(null), [where]);
  const choose = (seat: SeatAt) => {
    if (!mayEdit) return;
    if (isSwapping && chosen) edit(swap(draft, chosen, seat));
    setSwapping(false);
    setChosen(seat);
  };
  const put = (person: string | null) => chosen && edit(place(draft, chosen, person));
  const leave = () => {
    setChosen(null);
    setSwapping(false);
  };
  const show = ({ slot, person }: RosterConflict) => {
    const seat: SeatAt = { slot, seat: person !== null && draft.get(slot)?.[1] === person ? 1 : 0 };
    if (!view?.slots.find((candidate) => candidate.slot === slot)?.locked) choose(seat);
  };
  return { chosen, isSwapping, choose, put, leave, show, swap: () => setSwapping(true), current: chosen ? personAt(draft, chosen) : null };
}

function useRosterKeys(roster: Roster, acts: RosterActs, seats: ReturnType<typeof useSeats>, { cell, week, go }: ReturnType<typeof useWeek>, mayEdit: boolean) {
  const { t } = useTranslation(['console', 'common']);
  useHotkeys([
    { keys: 'KeyS', run: seats.swap, isDisabled: !mayEdit || seats.current === null },
    { keys: 'Delete', run: () => seats.put(null), isDisabled: !mayEdit || seats.current === null },
    { keys: 'Escape', run: seats.leave, isDisabled: seats.chosen === null },
    { keys: 'KeyZ', run: roster.undo, isDisabled: !roster.canUndo },
    { keys: 'Ctrl+KeyS', run: acts.save, isDisabled: !mayEdit || roster.changed.length === 0 || acts.isBusy },
    { keys: 'KeyY', run: acts.copy, isDisabled: !mayEdit || acts.isBusy },
    { keys: 'KeyA', run: acts.propose, isDisabled: !mayEdit || acts.isBusy },
    { keys: 'BracketLeft', run: () => go(cell, addDays(week, -7)) },
    { keys: 'BracketRight', run: () => go(cell, addDays(week, 7)) },
  ]);
  useKeyHints([
    { keys: ['←', '→', '↑', '↓'], label: t('key.move') },
    { keys: ['Enter'], label: t('roster.choosePerson') },
    { keys: ['S'], label: t('key.swap') },
    { keys: ['Del'], label: t('key.remove') },
    { keys: ['Z'], label: t('key.undo') },
    { keys: ['Ctrl', 'S'], label: t('key.save') },
    { keys: ['[', ']'], label: t('key.week') },
    { keys: ['?'], label: t('key.help') },
  ]);
}

/** The weekly duty roster of a cell: seats of two, conflicts before they are saved, the fair share beside it (ux R21). */
export function RosterPage() {
  const { t } = useTranslation(['console', 'common']);
  const { me, can } = useSession();
  const refusalText = useRefusalText();
  const where = useWeek();
  const roster = useRoster(where.cell, where.week);
  const acts = useRosterActs(roster);
  const mayEdit = can('duty.roster.edit');
  const seats = useSeats(roster, mayEdit);
  useRosterKeys(roster, acts, seats, where, mayEdit);
  const { view } = roster;
  const head = (
    <>
      <Where {...where} />
      <Acts roster={roster} acts={acts} mayEdit={mayEdit} />
    </>
  );
  return (
    <Page title={t('roster.title')} head={head}>
      <div className="roster-page grow min-h-0">
        <div className="flex flex-col gap-3 min-h-0">
          <Notes roster={roster} acts={acts} />
          {where.cell === '' && <EmptyState title={t('roster.noCell')} />}
          {roster.error && !view && <EmptyState title={refusalText(roster.error instanceof ApiFailure ? roster.error.code : 'NOT_FOUND')} />}
          {!view && !roster.error && where.cell !== '' && <Skeleton rows={8} />}
          {view && (
            <div className="panel scroll grow">
              <RosterGrid {...roster} view={view} chosen={seats.chosen} zone={me.timeZone} today={where.today} onChoose={seats.choose} />
              <p className="roster-legend">
                <span data-severity="hard">{t('roster.hard')}</span>
                <span data-severity="warning">{t('roster.warning')}</span>
                <span data-changed="">{t('roster.legendSwapped')}</span>
                {view.effectiveFrom ? t('roster.effective', { slot: view.effectiveFrom.replace('T', ' ') }) : t('roster.effectiveNext')}
                {view.unfilled.length > 0 && <Tag tone="amber">{t('roster.unfilled', { n: view.unfilled.length })}</Tag>}
                <span className="grow" />
                {mayEdit && (
                  <Button size="sm" icon={Undo2} hotkey="Z" isDisabled={!roster.canUndo} onPress={roster.undo}>
                    {t('common:action.undo')}
                  </Button>
                )}
              </p>
            </div>
          )}
        </div>
        {view && (
          <aside className="panel roster-aside" aria-label={t('roster.fair')}>
            <Conflicts conflicts={roster.conflicts} people={roster.people} isChecking={roster.isChecking} onShow={seats.show} />
            {seats.chosen ? (
              <Chooser
                chosen={seats.chosen}
                current={seats.current}
                people={roster.people}
                isSwapping={seats.isSwapping}
                onPlace={seats.put}
                onSwap={seats.swap}
              />
            ) : (
              <FairShare people={roster.people} />
            )}
          </aside>
        )}
      </div>
    </Page>
  );
}
