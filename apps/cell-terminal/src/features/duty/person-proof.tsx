import type { Proof } from '@sallyport/contracts';
import type { Draft, Readers } from '@sallyport/offline';
import { PinDots, PinPad, Press, Question, usePin } from '@sallyport/ui';
import { KeyRound } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTerminal, useWatched } from '../../shell/terminal-context';
import { useSeatText } from './seat-text';

export interface PersonProofProps {
  /** Which act this belongs to. */
  readonly kicker: ReactNode;
  readonly bed: number;
  /** The try before was wrong. */
  readonly wrong?: boolean;
  /** Nobody has touched the screen for a while: what was typed goes. */
  readonly masked: boolean;
  /** Begins the act that the proof is bound to. */
  readonly draft: () => Draft;
  readonly onProved: (draft: Draft, proof: Proof) => void;
  /** "Not bed 3": back to the choice. */
  readonly onOther?: () => void;
}

/** The choice of the pad instead of a reader. */
const PIN = 'pin';

/** Keys that this person may use here; asked only while the server answers, because the list must not rest on a shared machine. */
function usePasskeys(bed: number): readonly string[] {
  const terminal = useTerminal();
  const [allowed, setAllowed] = useState<readonly string[]>([]);
  useEffect(() => {
    let mounted = true;
    setAllowed([]);
    void import('./passkey').then(async ({ passkeysOf }) => {
      const options = await passkeysOf(terminal, bed);
      if (mounted && options) setAllowed(options.allowCredentials);
    });
    return () => {
      mounted = false;
    };
  }, [terminal, bed]);
  return allowed;
}

const ReaderProof = lazy(async () => ({ default: (await import('../proof/reader-proof')).ReaderProof }));

const USE_READER = { fingerprint: 'proof.useBridge', face: 'proof.useFace', wristband: 'proof.useWristband' } as const;

/** The own proof of one person: the reader beside the terminal where there is one, else PIN on the pad or the person's key. A wrong proof never says whose it would be. */
export function PersonProof(props: PersonProofProps) {
  const { t } = useTranslation('cell');
  const kept = useWatched(useTerminal().readers)?.view;
  const readers = kept && kept.nonce !== '' ? kept.readers : [];
  const [wanted, setWanted] = useState<string | null>(null);
  const reader = wanted === PIN ? undefined : (readers.find(({ id }) => id === wanted) ?? readers[0]);
  const toReader = (one: Readers['readers'][number]): ReactNode => (
    <Press key={one.id} onPress={() => setWanted(one.id)}>
      {t(USE_READER[one.reader])}
    </Press>
  );
  const notBed = props.onOther && <Press onPress={props.onOther}>{t('proof.notBed', { bed: props.bed })}</Press>;
  if (!kept || reader === undefined) return <PinOrKey {...props} others={[...readers.map(toReader), notBed]} />;
  const others = (
    <>
      <Press onPress={() => setWanted(PIN)}>{t('proof.usePin')}</Press>
      {readers.filter(({ id }) => id !== reader.id).map(toReader)}
      {notBed}
    </>
  );
  const { kicker, bed, wrong = false, draft, onProved } = props;
  return (
    <Suspense fallback={null}>
      <ReaderProof key={reader.id} {...{ kicker, bed, wrong, draft, onProved, reader, others }} nonce={kept.nonce} />
    </Suspense>
  );
}

function PinOrKey({ kicker, bed, wrong = false, masked, draft, onProved, others }: PersonProofProps & { readonly others: ReactNode }) {
  const { t } = useTranslation('cell');
  const terminal = useTerminal();
  const seat = useSeatText();
  const person = { bed };
  const [failed, setFailed] = useState(wrong);
  const [waiting, setWaiting] = useState(false);
  const passkeys = usePasskeys(bed);
  const pin = usePin({ onComplete: (digits) => onProved(draft(), { kind: 'pin', person, pin: digits }) });
  const { clear } = pin;
  useEffect(() => {
    if (masked) clear();
  }, [masked, clear]);
  const assertKey = async (): Promise<void> => {
    setWaiting(true);
    const { assertPasskey } = await import('./passkey');
    const act = draft();
    const proof = await assertPasskey(terminal, act, bed, passkeys);
    setWaiting(false);
    if (proof) onProved(act, proof);
    else setFailed(true);
  };
  const again = failed && pin.entered === 0;
  const lead = waiting ? t('proof.passkey') : again ? <b role="alert">{t('proof.wrong')}</b> : t('proof.pin');
  return (
    <Question
      wide
      big
      kicker={kicker}
      title={seat.bed(bed)}
      lead={lead}
      below={<PinDots pin={pin} />}
      foot={
        <>
          {passkeys.length > 0 && (
            <Press isDisabled={waiting} onPress={() => void assertKey()}>
              <KeyRound aria-hidden />
              {t('proof.usePasskey')}
            </Press>
          )}
          {others}
        </>
      }
    >
      <PinPad pin={pin} isDisabled={waiting} />
    </Question>
  );
}

/** Three wrong tries: only an officer can help, and help is one press away at the foot of the page. */
export function ProofLocked({ bed, onOther }: { bed: number; onOther: () => void }) {
  const { t } = useTranslation('cell');
  const seat = useSeatText();
  const { t: common } = useTranslation('common');
  return (
    <Question big title={seat.bed(bed)} lead={t('proof.locked')}>
      <Press primary className="self-center" onPress={onOther}>
        {common('nav.back')}
      </Press>
    </Question>
  );
}
