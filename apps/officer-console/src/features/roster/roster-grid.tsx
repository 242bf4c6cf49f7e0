import type { RosterConflict, RosterView } from '@sallyport/contracts';
import { AlarmShape, Ltr, useFmt } from '@sallyport/ui';
import { Lock, Pencil } from 'lucide-react';
import { type ComponentProps, useMemo } from 'react';
import { Button } from 'react-aria-components/Button';
import { useTranslation } from 'react-i18next';
import { type Draft, gridKey, gridOf, personAt, type SeatAt } from './draft';
import { useDayWords, useRuleWords } from './roster-words';

type Slot = RosterView['slots'][number];
type Person = RosterView['people'][number];

interface RosterGridProps {
  readonly view: RosterView;
  readonly draft: Draft;
  readonly changed: readonly string[];
  readonly conflicts: readonly RosterConflict[];
  readonly people: readonly Person[];
  readonly chosen: SeatAt | null;
  readonly zone: string;
  readonly today: string;
  readonly onChoose: (seat: SeatAt) => void;
}

/** A press on a seat; what is not an arrow goes on to the keys of the page. */
type KeyPress = Parameters<NonNullable<ComponentProps<typeof Button>['onKeyDown']>>[0];

const STEPS: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** Moves the focus by arrows; seats are rows of two, so a step down is the next seat of the day. */
function moveFocus(event: KeyPress): void {
  const step = STEPS[event.key];
  if (!step || !(event.target instanceof HTMLElement)) {
    event.continuePropagation();
    return;
  }
  event.preventDefault();
  const { row, column } = event.target.dataset;
  const selector = `[data-row="${Number(row) + step[0]}"][data-column="${Number(column) + step[1]}"]`;
  event.target.closest('table')?.querySelector<HTMLElement>(selector)?.focus();
}

interface SeatProps {
  readonly slot: Slot;
  readonly at: SeatAt;
  readonly person: Person | undefined;
  readonly conflict: RosterConflict | undefined;
  readonly isChanged: boolean;
  readonly isChosen: boolean;
  readonly row: number;
  readonly column: number;
  readonly day: string;
  readonly time: string;
  readonly onChoose: (seat: SeatAt) => void;
}

function Seat({ slot, at, person, conflict, isChanged, isChosen, row, column, day, time, onChoose }: SeatProps) {
  const { t } = useTranslation('console');
  const words = useRuleWords();
  const who = person ? `${String(person.bed).padStart(2, '0')} ${person.maskedName}` : t('roster.empty');
  const rule = conflict ? ` ${words(conflict.rule)}` : '';
  return (
    <Button
      className="roster-seat"
      data-row={row}
      data-column={column}
      data-severity={conflict?.severity}
      data-changed={isChanged ? '' : undefined}
      data-chosen={isChosen ? '' : undefined}
      data-empty={person ? undefined : ''}
      isDisabled={slot.locked}
      aria-label={`${t('roster.seat', { day, time, n: at.seat + 1, who })}${rule}${isChanged ? ` ${t('roster.legendSwapped')}` : ''}${slot.locked ? ` ${t('roster.locked')}` : ''}`}
      onKeyDown={moveFocus}
      onPress={() => onChoose(at)}
    >
      {person ? (
        <>
          <b>
            <Ltr>{String(person.bed).padStart(2, '0')}</Ltr>
          </b>
          <span className="truncate">{person.maskedName}</span>
        </>
      ) : (
        <span>{t('roster.empty')}</span>
      )}
      {/* A column is too narrow for the words: the shape tells the severity, the label and the side panel tell the rule. */}
      {(conflict || isChanged) && (
        <span className="why">
          {conflict ? <AlarmShape level={conflict.severity === 'hard' ? 'high' : 'medium'} size={14} /> : <Pencil aria-hidden size={12} />}
        </span>
      )}
    </Button>
  );
}

function conflictOf(conflicts: readonly RosterConflict[], slot: string, person: string | null): RosterConflict | undefined {
  const here = conflicts.filter((conflict) => conflict.slot === slot && (conflict.person === null || conflict.person === person));
  return here.find(({ severity }) => severity === 'hard') ?? here[0];
}

/** A week as days across and slots down, two seats each. Slots that have begun are locked. */
export function RosterGrid({ view, draft, changed, conflicts, people, chosen, zone, today, onChoose }: RosterGridProps) {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  const dayWords = useDayWords();
  const { days, times, slotAt } = useMemo(() => gridOf(view.week, view.slots), [view.week, view.slots]);
  const byId = useMemo(() => new Map(people.map((person) => [person.id, person])), [people]);
  const spanOf = (time: string) => {
    const slot = view.slots.find((candidate) => candidate.slot.endsWith(time));
    return slot ? `${time}–${fmt.time(Date.parse(slot.endsAt))}` : time;
  };
  return (
    <table className="roster" aria-label={t('roster.title')}>
      <thead>
        <tr>
          <th scope="col">{t('roster.slot')}</th>
          {days.map((day) => (
            <th key={day} scope="col" data-today={day === today ? '' : undefined}>
              {dayWords(day)} {day === today && t('roster.today')}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {times.map((time, line) => (
          <tr key={time}>
            <th scope="row">
              <Ltr>{spanOf(time)}</Ltr>
            </th>
            {days.map((day, column) => {
              const slot = slotAt.get(gridKey(day, time));
              if (!slot) return <td key={day}>–</td>;
              return (
                <td key={day} data-locked={slot.locked ? '' : undefined} data-today={day === today ? '' : undefined}>
                  {slot.locked && <Lock aria-hidden size={12} className="lock" />}
                  {([0, 1] as const).map((seat) => {
                    const person = personAt(draft, { slot: slot.slot, seat });
                    return (
                      <Seat
                        key={seat}
                        slot={slot}
                        at={{ slot: slot.slot, seat }}
                        person={person ? byId.get(person) : undefined}
                        conflict={conflictOf(conflicts, slot.slot, person)}
                        isChanged={changed.includes(slot.slot)}
                        isChosen={chosen?.slot === slot.slot && chosen.seat === seat}
                        row={line * 2 + seat}
                        column={column}
                        day={dayWords(day)}
                        time={time}
                        onChoose={onChoose}
                      />
                    );
                  })}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
