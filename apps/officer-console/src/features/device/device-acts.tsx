import { type DeviceView, deviceMove, deviceRevoke } from '@sallyport/contracts';
import { Note, TextField } from '@sallyport/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../platform/use-act';
import { ActForm, isReason } from '../../shell/act-form';
import { usePlaceWords } from '../../shell/use-place-words';
import { useSession } from '../access/session';
import { PlaceField } from './place-field';

interface FormProps {
  readonly device: DeviceView;
  readonly onDone: () => void;
}

/** Binds a terminal to another place. */
export function MoveForm({ device, onDone }: FormProps) {
  const { t } = useTranslation('console');
  const { stepUp } = useSession();
  const placeWords = usePlaceWords();
  const { act, run } = useAct(deviceMove, stepUp);
  const [place, setPlace] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const send = async () => {
    if (!place) return;
    const outcome = await run({ device: device.id, place, reason: reason.trim() });
    if (outcome?.outcome === 'accepted') onDone();
  };
  const label = t('device.moveTo', { where: place ? placeWords(place) : '' });
  return (
    <ActForm act={act} label={label} isReady={place !== null && isReason(reason)} onSend={() => void send()} onCancel={onDone}>
      <PlaceField onChange={setPlace} />
      <TextField label={t('people.reason')} value={reason} onChange={setReason} maxLength={500} />
    </ActForm>
  );
}

/** Ends a terminal: its session and its commands are refused from now on. */
export function RevokeForm({ device, onDone }: FormProps) {
  const { t } = useTranslation('console');
  const { stepUp } = useSession();
  const placeWords = usePlaceWords();
  const { act, run } = useAct(deviceRevoke, stepUp);
  const [reason, setReason] = useState('');
  const send = async () => {
    const outcome = await run({ device: device.id, reason: reason.trim() });
    if (outcome?.outcome === 'accepted') onDone();
  };
  const label = t('device.revokeConfirm', { place: placeWords(device.place) });
  return (
    <ActForm act={act} tone="danger" label={label} isReady={isReason(reason)} onSend={() => void send()} onCancel={onDone}>
      <Note tone="amber">{t('device.revokeNote')}</Note>
      <TextField label={t('people.reason')} value={reason} onChange={setReason} maxLength={500} autoFocus />
    </ActForm>
  );
}
