import { type DeviceView, enrolmentCreate, type ResultOf } from '@sallyport/contracts';
import { Button, Dialog, Ltr, Note, useFmt } from '@sallyport/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSiteNow } from '../../platform/site-clock';
import { useAct } from '../../platform/use-act';
import { ActForm } from '../../shell/act-form';
import { usePlaceWords } from '../../shell/use-place-words';
import { useSession } from '../access/session';
import { PlaceField } from './place-field';

type Made = ResultOf<typeof enrolmentCreate>;

function Code({ made, zone }: { made: Made; zone: string }) {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  const left = Date.parse(made.expiresAt) - useSiteNow();
  if (left <= 0) return <Note tone="amber">{t('device.expired')}</Note>;
  return (
    <div className="flex flex-col gap-4">
      <p>{t('device.codeHint')}</p>
      <p className="enrolment-code">
        <Ltr>{made.code}</Ltr>
      </p>
      <div>
        <span className="text-sm text-muted">{t('device.address')}</span>
        <code className="block break-all">{made.url}</code>
      </div>
      <p>
        {t('device.codeUntil', { time: fmt.time(Date.parse(made.expiresAt)) })} · {t('device.timeLeft')} <b>{fmt.clock(left)}</b>
      </p>
    </div>
  );
}

/** A one-time code for a terminal at a place; with `replaces` for the machine that takes over from another. */
export function EnrolDialog({ replaces, onClose }: { replaces?: DeviceView; onClose: () => void }) {
  const { t } = useTranslation(['console', 'common']);
  const { me, stepUp } = useSession();
  const placeWords = usePlaceWords();
  const { act, run } = useAct(enrolmentCreate, stepUp);
  const [place, setPlace] = useState<string | null>(replaces?.place ?? null);
  const [made, setMade] = useState<Made | null>(null);
  const send = async () => {
    if (!place) return;
    const outcome = await run({ place, ...(replaces ? { replaces: replaces.id } : {}) });
    if (outcome?.outcome === 'accepted' && outcome.result) setMade(outcome.result);
  };
  const title = replaces ? `${t('device.replace')} · ${placeWords(replaces.place)}` : t('device.enrol');
  if (made) {
    return (
      <Dialog
        isOpen
        onClose={onClose}
        isDismissable={false}
        title={`${t('device.code')} · ${place ? placeWords(place) : ''}`}
        actions={<Button onPress={onClose}>{t('common:action.close')}</Button>}
      >
        <Code made={made} zone={me.timeZone} />
      </Dialog>
    );
  }
  return (
    <Dialog isOpen onClose={onClose} title={title}>
      <ActForm act={act} label={t('device.makeCode')} isReady={place !== null} onSend={() => void send()} onCancel={onClose}>
        {replaces ? (
          <Note tone="amber">{t('device.replaceNote')}</Note>
        ) : (
          <>
            <p>{t('device.enrolPlace')}</p>
            <PlaceField onChange={setPlace} />
          </>
        )}
      </ActForm>
    </Dialog>
  );
}
