import { type BoardCell, dutyObserve, dutySubstitute, peopleList } from '@sallyport/contracts';
import { Button, Dialog, Ltr, Note, Select, TextField, useFmt } from '@sallyport/ui';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { reading } from '../../platform/queries';
import { useAct } from '../../platform/use-act';
import { useRefusalText } from '../../shell/use-refusal';
import { useSession } from '../access/session';

const OBSERVED = ['LEFT_POST', 'SLEEPING', 'WRONG_PERSON'] as const;
type Observed = (typeof OBSERVED)[number];

function Observe({ cell, slot, onDone }: { cell: BoardCell; slot: string; onDone: () => void }) {
  const { t } = useTranslation('console');
  const observe = useAct(dutyObserve);
  const refusalText = useRefusalText();
  const [kind, setKind] = useState<Observed | null>(null);
  const [person, setPerson] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const people = cell.seats.map(({ personId, bed, maskedName }) => ({ id: personId, label: `${bed} · ${maskedName}` }));
  const save = async () => {
    if (!kind) return;
    const outcome = await observe.run({ cell: cell.cell, slot, kind, note: note.trim(), ...(person ? { person } : {}) });
    if (outcome?.outcome === 'accepted') onDone();
  };
  return (
    <div className="flex flex-col gap-3">
      <b>{t('board.observe')}</b>
      <Select
        label={t('records.kind')}
        items={OBSERVED.map((id) => ({ id, label: t(`anomaly.${id}`) }))}
        selected={kind}
        onChange={(id) => setKind(id as Observed)}
      />
      <Select label={t('people.name')} items={people} selected={person} onChange={setPerson} />
      <TextField label={t('decide.note')} value={note} onChange={setNote} maxLength={500} multiline />
      {observe.act.state === 'problem' && <Note tone="danger">{refusalText(observe.act.code, observe.act.details)}</Note>}
      <Button tone="primary" guard isDisabled={!kind || note.trim().length < 2} onPress={() => void save()}>
        {t('board.observe')}
      </Button>
    </div>
  );
}

function Substitute({ cell, slot, absent, onDone }: { cell: BoardCell; slot: string; absent: BoardCell['seats'][number]; onDone: () => void }) {
  const { t } = useTranslation('console');
  const substitute = useAct(dutySubstitute);
  const refusalText = useRefusalText();
  const { data } = useQuery(reading(peopleList, {}, { cell: cell.cell, state: 'held' }));
  const [person, setPerson] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const seated = new Set(cell.seats.map(({ personId }) => personId));
  const items = (data?.rows ?? [])
    .filter(({ id, out }) => !seated.has(id) && !out)
    .map(({ id, bed, maskedName }) => ({ id, label: `${bed ?? ''} · ${maskedName}` }));
  const save = async () => {
    if (!person) return;
    const outcome = await substitute.run({ cell: cell.cell, slot, absent: absent.personId, substitute: person, reason: reason.trim() });
    if (outcome?.outcome === 'accepted') onDone();
  };
  return (
    <div className="flex flex-col gap-3">
      <Select label={t('board.substituteFor', { bed: absent.bed })} items={items} selected={person} onChange={setPerson} />
      <TextField label={t('people.reason')} value={reason} onChange={setReason} maxLength={500} />
      {substitute.act.state === 'problem' && <Note tone="danger">{refusalText(substitute.act.code, substitute.act.details)}</Note>}
      <Button tone="primary" guard isDisabled={!person || reason.trim().length < 2} onPress={() => void save()}>
        {t('board.substitute')}
      </Button>
    </div>
  );
}

/** One cell of the board: who is on duty, and what an officer who looked can record or arrange. */
export function CellDialog({ cell, zone, onClose }: { cell: BoardCell; zone: string; onClose: () => void }) {
  const { t } = useTranslation(['console', 'common']);
  const { can } = useSession();
  const navigate = useNavigate();
  const fmt = useFmt(zone);
  const slot = cell.slot?.slot;
  const away = cell.seats.find(({ where, state }) => where !== null || state === 'excused');
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="lg"
      title={`${t('board.cell', { cell: cell.cell })} · ${t(`board.state.${cell.state}`)}`}
      actions={
        <>
          <Button onPress={() => void navigate(`/people?cell=${cell.cell}`)}>{t('nav.people')}</Button>
          <Button onPress={() => void navigate(`/roster/${cell.cell}`)}>{t('nav.roster')}</Button>
          <Button onPress={onClose}>{t('common:action.close')}</Button>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        {cell.state === 'offline' && <Note tone="cyan">{t('anomalyHint.TERMINAL_OFFLINE')}</Note>}
        {cell.state === 'no-roster' && <Note tone="amber">{t('anomalyHint.NO_ROSTER')}</Note>}
        <ul className="flex flex-col gap-2">
          {cell.seats.map((seat) => (
            <li key={seat.personId} className="flex gap-3">
              <b>{t('common:place.bed', { bed: seat.bed })}</b>
              <span>{seat.maskedName}</span>
              <Ltr>{seat.number}</Ltr>
              <span>{t(`board.seat.${seat.state}`, { time: seat.signedAt ? fmt.time(Date.parse(seat.signedAt)) : '' })}</span>
            </li>
          ))}
        </ul>
        {slot && away && can('duty.substitute') && <Substitute cell={cell} slot={slot} absent={away} onDone={onClose} />}
        {slot && cell.seats.length > 0 && can('duty.observe') && <Observe cell={cell} slot={slot} onDone={onClose} />}
      </div>
    </Dialog>
  );
}
