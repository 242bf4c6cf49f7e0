import { personDetail } from '@sallyport/contracts';
import { Button, Dialog, Ltr, Note, Skeleton, Tag, Timeline, useFmt } from '@sallyport/ui';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reading } from '../../platform/queries';
import { useRefusalText } from '../../shell/use-refusal';
import { ApiFailure } from '../../platform/api';
import { useSession } from '../access/session';
import { AmendForm } from './amend-form';
import { AllowPasskeyForm, ReleaseForm, ResetPinForm, TakeBackForm, TakeOutForm } from './person-acts';
import { MoveForm } from './move-form';
import { bedPlace, type Person } from './person-words';

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-sm text-muted">{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Facts({ person }: { person: Person }) {
  const { t } = useTranslation('console');
  const { facts } = person;
  return (
    <dl className="grid grid-cols-3 gap-4">
      <Fact label={t('people.number')}>
        <Ltr>{person.number}</Ltr>
      </Fact>
      <Fact label={t('people.sex')}>{t(`people.${facts.sex}`)}</Fact>
      <Fact label={t('people.birthDate')}>
        <Ltr>{facts.birthDate}</Ltr>
      </Fact>
      <Fact label={t('people.admittedOn')}>
        <Ltr>{person.admittedOn}</Ltr>
      </Fact>
      <Fact label={t('people.judgement')}>{t(facts.sentenced ? 'people.sentenced' : 'people.unsentenced')}</Fact>
      <Fact label={t('people.risk')}>{facts.riskLevel === null ? t('people.riskNone') : t('people.riskLevel', { n: facts.riskLevel })}</Fact>
      <Fact label={t('people.flags')}>{facts.flags.length === 0 ? t('people.noFlags') : facts.flags.map((flag) => t(`flag.${flag}`)).join(' · ')}</Fact>
      <Fact label={t('people.coSuspect')}>{facts.coSuspectGroup ?? t('people.noFlags')}</Fact>
      <Fact label={t('people.keys')}>{person.credentials}</Fact>
    </dl>
  );
}

function Moves({ person, zone }: { person: Person; zone: string }) {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  return (
    <section className="flex flex-col gap-2">
      <h3>{t('people.moves')}</h3>
      <Timeline
        entries={person.moves.map(({ at, cell, bed, reason, by }) => ({
          id: at,
          time: fmt.dateTime(Date.parse(at)),
          who: cell ? bedPlace(cell, bed) : t('people.releasedFrom'),
          what: reason,
          note: by ? t('people.movedBy', { who: by }) : undefined,
        }))}
      />
    </section>
  );
}

type Act = 'move' | 'amend' | 'take-out' | 'take-back' | 'pin' | 'passkey' | 'release';

function useActs(person: Person | undefined): readonly { id: Act; label: string; danger?: boolean }[] {
  const { t } = useTranslation('console');
  const { can } = useSession();
  if (person?.state !== 'held') return [];
  return [
    { id: 'take-out' as const, label: t('people.takeOut'), shown: can('person.take-out') && !person.out },
    { id: 'take-back' as const, label: t('people.takeBack'), shown: can('person.take-out') && person.out !== null },
    { id: 'move' as const, label: t('people.move'), shown: can('person.edit') },
    { id: 'amend' as const, label: t('people.amend'), shown: can('person.edit') },
    { id: 'pin' as const, label: t('people.resetPin'), shown: can('person.credential') },
    { id: 'passkey' as const, label: t('people.allowPasskey'), shown: can('person.credential') },
    { id: 'release' as const, label: t('people.release'), shown: can('person.release'), danger: true },
  ].filter(({ shown }) => shown);
}

const FORMS: Readonly<Record<Act, (props: { person: Person; onDone: () => void }) => ReactNode>> = {
  move: MoveForm,
  amend: AmendForm,
  'take-out': TakeOutForm,
  'take-back': TakeBackForm,
  pin: ResetPinForm,
  passkey: AllowPasskeyForm,
  release: ReleaseForm,
};

function State({ person }: { person: Person }) {
  const { t } = useTranslation('console');
  return (
    <div className="flex gap-2 flex-wrap">
      {person.cell && (
        <b>
          <Ltr>{bedPlace(person.cell, person.bed)}</Ltr>
        </b>
      )}
      <Tag tone={person.state === 'held' ? 'ok' : 'line'}>{t(person.state === 'held' ? 'people.held' : 'people.released')}</Tag>
      {person.out && <Tag tone="cyan">{t('people.out', { why: t(`absence.${person.out.reason}`) })}</Tag>}
      {person.pinLocked && <Tag tone="danger">{t('people.pinLocked')}</Tag>}
    </div>
  );
}

/** One person: facts, moves and every act. Opening it is written down, and the dialog says so. */
export function PersonDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation(['console', 'common']);
  const { me } = useSession();
  const refusalText = useRefusalText();
  const { data: person, error } = useQuery(reading(personDetail, { id }));
  const [act, setAct] = useState<Act | null>(null);
  const acts = useActs(person);
  const Form = act ? FORMS[act] : null;
  const title = person ? `${person.name} · ${person.number}` : t('people.title');
  return (
    <Dialog isOpen onClose={onClose} size="lg" title={title} actions={<Button onPress={onClose}>{t('common:action.close')}</Button>}>
      {error && <Note tone="danger">{refusalText(error instanceof ApiFailure ? error.code : 'NOT_FOUND')}</Note>}
      {!person && !error && <Skeleton rows={6} />}
      {person && (
        <div className="flex flex-col gap-5">
          <State person={person} />
          {acts.length > 0 && (
            <div className="flex gap-2 flex-wrap" role="group" aria-label={t('people.title')}>
              {acts.map(({ id: name, label, danger }) => (
                <Button key={name} size="sm" tone={danger ? 'danger-quiet' : 'plain'} isDisabled={act === name} onPress={() => setAct(name)}>
                  {label}
                </Button>
              ))}
            </div>
          )}
          {Form && <Form key={act} person={person} onDone={() => setAct(null)} />}
          {!Form && <Facts person={person} />}
          {!Form && <Moves person={person} zone={me.timeZone} />}
          {!Form && <p className="text-sm text-muted">{t('people.viewAudited')}</p>}
        </div>
      )}
    </Dialog>
  );
}
