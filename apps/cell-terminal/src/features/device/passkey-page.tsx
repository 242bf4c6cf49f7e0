import { ChoiceList, Confirmation, Press, Question } from '@sallyport/ui';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { saveAct, type Sent, useProgress, useRefusal } from '../../shell/acts';
import { type Go, HOME, type Page } from '../../shell/pages';
import { useHome, useTerminal } from '../../shell/terminal-context';
import { type PasskeyOptions, passkeysOf, registerPasskey } from '../duty/passkey';
import { PersonProof } from '../duty/person-proof';
import { useSeatText } from '../duty/seat-text';

function Registered({ sent, go }: { sent: Sent; go: Go }) {
  const { t } = useTranslation('cell');
  const { t: common } = useTranslation('common');
  const { t: refusal } = useTranslation('refusal');
  const { outcome } = useProgress(sent);
  useRefusal(sent, outcome);
  if (outcome?.outcome === 'accepted') return <Confirmation title={t('passkey.done')} onLeave={() => go(HOME)} />;
  if (outcome?.outcome === 'refused')
    return <Confirmation tone="refused" title={common('state.refused')} lead={outcome.code && refusal(outcome.code)} onLeave={() => go(HOME)} />;
  return <Confirmation tone="saved" title={common('state.saved')} lead={common('state.savedNext')} onLeave={() => go(HOME)} />;
}

/** Registers the own key of a person, after an officer allowed it: touch the key, then prove who you are with the PIN. */
export function PasskeyRegistration({ page, masked, go }: { page: Extract<Page, { at: 'passkey' }>; masked: boolean; go: Go }) {
  const { t } = useTranslation('cell');
  const { t: common } = useTranslation('common');
  const terminal = useTerminal();
  const home = useHome();
  const seat = useSeatText();
  const [options, setOptions] = useState<PasskeyOptions | null | 'asking'>('asking');
  const [registration, setRegistration] = useState<Record<string, unknown> | null>(null);
  const [notRead, setNotRead] = useState(false);
  const [sent, setSent] = useState<Sent | null>(null);
  const { bed } = page;
  useEffect(() => {
    if (bed !== undefined) void passkeysOf(terminal, bed).then(setOptions);
  }, [terminal, bed]);
  if (sent) return <Registered sent={sent} go={go} />;
  if (bed === undefined) {
    const items = (home?.view.beds ?? []).map((no) => ({ id: String(no), label: seat.bed(no) }));
    return (
      <Question kicker={t('passkey.title')} title={t('duty.chooseBed')}>
        <ChoiceList aria-label={t('duty.chooseBed')} columns={3} items={items} onChoose={(id) => go({ at: 'passkey', bed: Number(id) })} />
      </Question>
    );
  }
  if (options === 'asking') return <Question kicker={t('passkey.title')} title={seat.bed(bed)} lead={common('state.loading')} children={null} />;
  if (options === null) return <Confirmation tone="refused" title={common('offline.badge')} lead={common('error.again')} onLeave={() => go(HOME)} />;
  if (!options.mayRegister) return <Confirmation tone="refused" title={t('passkey.notAllowed')} lead={t('passkey.askOfficer')} onLeave={() => go(HOME)} />;
  if (registration === null) {
    const touch = async (): Promise<void> => {
      const made = await registerPasskey(options, terminal.draft('person.register-passkey', { person: { bed } }));
      setRegistration(made);
      setNotRead(made === null);
    };
    return (
      <Question big kicker={t('passkey.title')} title={seat.bed(bed)} lead={notRead ? <b role="alert">{t('passkey.notRead')}</b> : t('passkey.touch')}>
        <Press tone="main" primary className="self-center" onPress={() => void touch()}>
          {t('passkey.start')}
        </Press>
      </Question>
    );
  }
  return (
    <PersonProof
      kicker={t('passkey.title')}
      bed={bed}
      masked={masked}
      draft={() => terminal.draft('person.register-passkey', { person: { bed }, registration })}
      onProved={(draft, proof) =>
        void saveAct(terminal, draft, proof).then((saved) => (saved.ok ? setSent(saved.sent) : go({ at: 'not-saved', why: saved.why })))
      }
    />
  );
}
