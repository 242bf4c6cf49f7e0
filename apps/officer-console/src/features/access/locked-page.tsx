import { Button, Desk, Note } from '@sallyport/ui';
import { KeyRound, LogOut } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AlarmStrip } from '../alert/alarm-strip';
import { signInWithPasskey, signOut } from './ceremonies';
import { useSession } from './session';

/** The idle console: the content is gone, alarms stay visible (cell number only) and audible (ux R23). */
export function LockedPage() {
  const { t } = useTranslation('console');
  const { me, reread } = useSession();
  const [failed, setFailed] = useState(false);
  const attempt = (act: () => Promise<void>) => {
    setFailed(false);
    act().then(reread, () => setFailed(true));
  };
  return (
    <Desk>
      <AlarmStrip zone={me.timeZone} />
      <main className="locked grid place-items-center" id="main">
        <section className="panel w-[420px] p-8 flex flex-col gap-5">
          <h1 className="text-title font-bold">{t('lock.title')}</h1>
          <p>{t('lock.lead', { name: me.name })}</p>
          <p className="text-muted">{t('lock.alarms')}</p>
          {failed && <Note tone="amber">{t('signIn.cancelled')}</Note>}
          <Button tone="primary" size="lg" icon={KeyRound} guard onPress={() => attempt(signInWithPasskey)} autoFocus>
            {t('lock.unlock')}
          </Button>
          <Button icon={LogOut} onPress={() => attempt(signOut)}>
            {t('lock.other')}
          </Button>
        </section>
      </main>
    </Desk>
  );
}
