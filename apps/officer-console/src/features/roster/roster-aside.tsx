import type { RosterConflict, RosterView } from '@sallyport/contracts';
import { AlarmShape, Button, Ltr, Note, Tag } from '@sallyport/ui';
import { Trash2 } from 'lucide-react';
import { Button as Row } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { SeatAt } from './draft';
import { useDayWords, useRuleWords } from './roster-words';

type Person = RosterView['people'][number];

const bedOf = ({ bed }: Person) => String(bed).padStart(2, '0');

interface ConflictsProps {
  readonly conflicts: readonly RosterConflict[];
  readonly people: readonly Person[];
  readonly isChecking: boolean;
  readonly onShow: (conflict: RosterConflict) => void;
}

/** What stands against the draft, the worst first: hard conflicts have to go, warnings are to be known. */
export function Conflicts({ conflicts, people, isChecking, onShow }: ConflictsProps) {
  const { t } = useTranslation('console');
  const dayWords = useDayWords();
  const words = useRuleWords();
  const hard = conflicts.filter(({ severity }) => severity === 'hard');
  const warnings = conflicts.filter(({ severity }) => severity === 'warning');
  return (
    <section className="roster-part" aria-live="polite">
      <h2 className="flex items-center gap-2 font-bold">
        {hard.length > 0 && <AlarmShape level="high" />}
        {hard.length > 0 ? t('roster.conflicts', { n: hard.length }) : t('roster.noConflicts')}
        {warnings.length > 0 && <Tag tone="amber">{t('roster.warnings', { n: warnings.length })}</Tag>}
        {isChecking && <span className="text-sm text-muted">{t('roster.checking')}</span>}
      </h2>
      <div className="scroll roster-conflicts">
        {[...hard, ...warnings].map((conflict) => {
          const person = people.find(({ id }) => id === conflict.person);
          return (
            <Row
              key={`${conflict.slot} ${conflict.person} ${conflict.rule}`}
              className="roster-conflict"
              data-severity={conflict.severity}
              onPress={() => onShow(conflict)}
            >
              <b>
                {dayWords(conflict.slot.slice(0, 10))} <Ltr>{conflict.slot.slice(11)}</Ltr>
                {person && ` · ${bedOf(person)} ${person.maskedName}`}
              </b>
              <span>{words(conflict.rule)}</span>
            </Row>
          );
        })}
      </div>
    </section>
  );
}

interface ChooserProps {
  readonly chosen: SeatAt;
  readonly current: string | null;
  readonly people: readonly Person[];
  readonly isSwapping: boolean;
  readonly onPlace: (person: string | null) => void;
  readonly onSwap: () => void;
}

/** Who can sit in the chosen seat, those with the fewest nights first; excluded people are named with the reason. */
export function Chooser({ chosen, current, people, isSwapping, onPlace, onSwap }: ChooserProps) {
  const { t } = useTranslation('console');
  const dayWords = useDayWords();
  const words = useRuleWords();
  const ranked = [...people].sort((a, b) => a.exclusions.length - b.exclusions.length || a.nightsInWindow - b.nightsInWindow || a.bed - b.bed);
  return (
    <section className="roster-part flex flex-col gap-3 min-h-0">
      <h2 className="font-bold">{t('roster.chosen', { day: dayWords(chosen.slot.slice(0, 10)), time: chosen.slot.slice(11) })}</h2>
      {isSwapping && <Note tone="cyan">{t('roster.swapping')}</Note>}
      <div className="flex gap-2">
        <Button size="sm" hotkey="S" isDisabled={isSwapping || current === null} onPress={onSwap}>
          {t('roster.swap')}
        </Button>
        <Button size="sm" icon={Trash2} hotkey="Del" isDisabled={current === null} onPress={() => onPlace(null)}>
          {t('roster.remove')}
        </Button>
      </div>
      <ul className="scroll roster-people" aria-label={t('roster.candidates')}>
        {ranked.map((person) => (
          <li key={person.id}>
            <Row className="roster-person" data-chosen={person.id === current ? '' : undefined} onPress={() => onPlace(person.id)}>
              <b>
                <Ltr>{bedOf(person)}</Ltr>
              </b>
              <span className="truncate">{person.maskedName}</span>
              <span className="end">
                {person.exclusions.length > 0 ? <Tag tone="amber">{words(person.exclusions[0] ?? '')}</Tag> : t('roster.times', { n: person.nightsInWindow })}
              </span>
            </Row>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** How the night slots are shared: one bar per person, so that an uneven draft is seen at a glance. */
export function FairShare({ people }: { people: readonly Person[] }) {
  const { t } = useTranslation('console');
  const able = people.filter(({ exclusions }) => exclusions.length === 0);
  const away = people.filter(({ exclusions }) => exclusions.length > 0);
  const most = Math.max(1, ...able.map(({ nightsInWindow }) => nightsInWindow));
  // Whoever serves more than an even share, rounded up, is who a swap should relieve.
  const share = Math.ceil(able.reduce((sum, { nightsInWindow }) => sum + nightsInWindow, 0) / Math.max(1, able.length));
  const words = useRuleWords();
  return (
    <section className="roster-part flex flex-col gap-2 min-h-0">
      <h2 className="font-bold">{t('roster.share')}</h2>
      <ul className="scroll roster-share">
        {able.map((person) => (
          <li key={person.id} data-uneven={person.nightsInWindow > share ? '' : undefined}>
            <b>
              <Ltr>{bedOf(person)}</Ltr>
            </b>
            <span className="truncate">{person.maskedName}</span>
            <meter max={most} value={person.nightsInWindow} aria-label={`${bedOf(person)} ${t('roster.times', { n: person.nightsInWindow })}`} />
            <span className="end">{t('roster.times', { n: person.nightsInWindow })}</span>
          </li>
        ))}
      </ul>
      {away.length > 0 && <h3>{t('roster.excluded', { n: away.length })}</h3>}
      <ul className="flex flex-col gap-1">
        {away.map((person) => (
          <li key={person.id} className="flex items-center gap-2">
            <b>
              <Ltr>{bedOf(person)}</Ltr>
            </b>
            {person.maskedName}
            <Tag tone="cyan">{words(person.exclusions[0] ?? '')}</Tag>
          </li>
        ))}
      </ul>
    </section>
  );
}
