import { type AbsenceReason, absenceReason, personAllowPasskey, personRelease, personResetPin, personTakeBack, personTakeOut } from '@sallyport/contracts';
import { Button, Note, Select, TextField, useFmt } from '@sallyport/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../platform/use-act';
import { ActForm, isReason } from '../../shell/act-form';
import { useSession } from '../access/session';
import type { Person } from './person-words';
import { PinOnce } from './pin-once';

interface FormProps {
  readonly person: Person;
  readonly onDone: () => void;
}

/** The person leaves for good: a sensitive act without an undo, so the button names the person. */
export function ReleaseForm({ person, onDone }: FormProps) {
  const { t } = useTranslation('console');
  const { stepUp } = useSession();
  const { act, run } = useAct(personRelease, stepUp);
  const [reason, setReason] = useState('');
  const send = async () => {
    const outcome = await run({ person: person.id, reason: reason.trim(), seenVersion: person.version });
    if (outcome?.outcome === 'accepted') onDone();
  };
  return (
    <ActForm
      act={act}
      tone="danger"
      label={t('people.releaseConfirm', { who: person.name })}
      isReady={isReason(reason)}
      onSend={() => void send()}
      onCancel={onDone}
    >
      <Note tone="amber">{t('people.releaseEffect')}</Note>
      <TextField label={t('people.reason')} value={reason} onChange={setReason} maxLength={500} autoFocus />
    </ActForm>
  );
}

/** Taken out of the cell for a while: duty and roll call know it at once. */
export function TakeOutForm({ person, onDone }: FormProps) {
  const { t } = useTranslation('console');
  const { act, run } = useAct(personTakeOut);
  const [reason, setReason] = useState<AbsenceReason | null>(null);
  const send = async () => {
    if (!reason) return;
    const outcome = await run({ person: person.id, reason });
    if (outcome?.outcome === 'accepted') onDone();
  };
  return (
    <ActForm act={act} label={t('people.takeOutConfirm', { who: person.name })} isReady={reason !== null} onSend={() => void send()} onCancel={onDone}>
      <Select
        label={t('people.takeOutWhy')}
        items={absenceReason.options.map((id) => ({ id, label: t(`absence.${id}`) }))}
        selected={reason}
        onChange={(id) => setReason(id as AbsenceReason)}
        autoFocus
      />
    </ActForm>
  );
}

/** Back in the cell. */
export function TakeBackForm({ person, onDone }: FormProps) {
  const { t } = useTranslation('console');
  const { act, run } = useAct(personTakeBack);
  const send = async () => {
    const outcome = await run({ person: person.id });
    if (outcome?.outcome === 'accepted') onDone();
  };
  return <ActForm act={act} label={t('people.takeBackConfirm', { who: person.name })} onSend={() => void send()} onCancel={onDone} />;
}

/** A new PIN, shown this one time; it ends a lock-out. */
export function ResetPinForm({ person, onDone }: FormProps) {
  const { t } = useTranslation(['console', 'common']);
  const { stepUp } = useSession();
  const { act, run } = useAct(personResetPin, stepUp);
  const [reason, setReason] = useState('');
  const [pin, setPin] = useState<string | null>(null);
  const send = async () => {
    const outcome = await run({ person: person.id, reason: reason.trim() });
    if (outcome?.outcome === 'accepted' && outcome.result) setPin(outcome.result.pin);
  };
  if (pin !== null) {
    return (
      <div className="flex flex-col items-start gap-4">
        <PinOnce pin={pin} />
        <Button onPress={onDone}>{t('common:action.done')}</Button>
      </div>
    );
  }
  return (
    <ActForm act={act} label={t('people.pinNew')} isReady={isReason(reason)} onSend={() => void send()} onCancel={onDone}>
      <TextField label={t('people.reason')} value={reason} onChange={setReason} maxLength={500} autoFocus />
    </ActForm>
  );
}

/** Lets the person register a passkey at the own cell's terminal for some minutes. */
export function AllowPasskeyForm({ person, onDone }: FormProps) {
  const { t } = useTranslation(['console', 'common']);
  const { me, stepUp } = useSession();
  const fmt = useFmt(me.timeZone);
  const { act, run } = useAct(personAllowPasskey, stepUp);
  const [until, setUntil] = useState<string | null>(null);
  const send = async () => {
    const outcome = await run({ person: person.id });
    if (outcome?.outcome === 'accepted' && outcome.result) setUntil(outcome.result.until);
  };
  if (until !== null) {
    return (
      <div className="flex flex-col items-start gap-4">
        <Note tone="ok">{t('people.allowPasskeyUntil', { time: fmt.time(Date.parse(until)) })}</Note>
        <Button onPress={onDone}>{t('common:action.done')}</Button>
      </div>
    );
  }
  return <ActForm act={act} label={t('people.allowPasskey')} onSend={() => void send()} onCancel={onDone} />;
}
