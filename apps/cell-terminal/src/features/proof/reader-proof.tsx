import { BRIDGE_PROTOCOL, BRIDGE_URL, type Proof, type ReaderKind, type ReadingState } from '@sallyport/contracts';
import type { Draft, Readers } from '@sallyport/offline';
import { Press, Question } from '@sallyport/ui';
import { Fingerprint, type LucideIcon, Nfc, RotateCcw, ScanFace } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTerminal } from '../../shell/terminal-context';
import { useSeatText } from '../duty/seat-text';
import { actHash } from './act-hash';
import { type Reading, type ReadingFailure, readPerson } from './bridge-link';
import { readerTries } from './reader-tries';

export type Reader = Readers['readers'][number];

export interface ReaderProofProps {
  readonly kicker: ReactNode;
  readonly bed: number;
  readonly wrong: boolean;
  readonly reader: Reader;
  readonly nonce: string;
  readonly draft: () => Draft;
  readonly onProved: (draft: Draft, proof: Proof) => void;
  /** The other ways to prove, as presses at the foot. */
  readonly others: ReactNode;
}

/** A person at the wall has this long to come to the reader and be read. */
const PATIENCE = 20_000;

const WORDS = {
  fingerprint: { icon: Fingerprint, ask: 'proof.bridge', again: 'proof.retryFinger' },
  face: { icon: ScanFace, ask: 'proof.face', again: 'proof.retryFace' },
  wristband: { icon: Nfc, ask: 'proof.wristband', again: 'proof.retryWristband' },
} as const satisfies Record<ReaderKind, { icon: LucideIcon; ask: string; again: string }>;

type Phase = 'preparing' | ReadingState | { readonly failed: ReadingFailure | 'not-accepted' } | 'spent';

/** Nothing a person does at the reader helps: it is not there, or speaks another version. */
const isOut = (why: ReadingFailure | 'not-accepted'): boolean => why === 'absent' || why === 'no-bridge' || why === 'refused';

/** Lets the reader recognise the person for one act. The proof is the reader's; this page only carries it. */
async function readFor({ reader, nonce, bed }: ReaderProofProps, act: Draft, on: (state: ReadingState) => void, signal: AbortSignal): Promise<Reading> {
  const person = { bed };
  const args = { reader: reader.id, kind: reader.reader, person, nonce, actHash: await actHash(act) };
  const ask = { id: act.id, op: 'person.prove', args, deadlineMs: PATIENCE } as const;
  return readPerson({ ask, open: () => new WebSocket(BRIDGE_URL, BRIDGE_PROTOCOL), patience: PATIENCE, onState: on, signal });
}

/** Readings of one person, one after another, each asked for by a press but the first. */
function useReading(props: ReaderProofProps): { phase: Phase; again: () => void } {
  const { bed } = props;
  const spent = (): boolean => readerTries.spent(bed, performance.now());
  const [attempt, setAttempt] = useState(props.wrong ? 0 : 1);
  const [phase, setPhase] = useState<Phase>(() => (spent() ? 'spent' : props.wrong ? { failed: 'not-accepted' } : 'preparing'));
  const current = useRef(props);
  current.current = props;
  useEffect(() => {
    if (attempt === 0 || readerTries.spent(bed, performance.now())) return;
    const stop = new AbortController();
    setPhase('preparing');
    const act = current.current.draft();
    void readFor(current.current, act, setPhase, stop.signal).then((reading) => {
      if (stop.signal.aborted) return;
      const { reader, nonce, onProved } = current.current;
      if (reading.ok) {
        readerTries.proved(bed);
        onProved(act, { kind: 'bridge', person: { bed }, reader: reader.reader, bridgeId: reader.id, nonce, signature: reading.signature });
        return;
      }
      if (reading.why === 'no-match') readerTries.failed(bed, performance.now());
      setPhase(readerTries.spent(bed, performance.now()) ? 'spent' : { failed: reading.why });
    });
    return () => stop.abort();
  }, [attempt, bed, props.reader.id]);
  return { phase, again: () => setAttempt((before) => before + 1) };
}

/** "Place your own finger": the person at the reader, its states in words, three tries, then the officer or the PIN. */
export function ReaderProof(props: ReaderProofProps) {
  const { kicker, bed, reader, others } = props;
  const { t } = useTranslation('cell');
  const seat = useSeatText();
  const online = useTerminal().connection.get().online;
  const { phase, again } = useReading(props);
  const { icon: Icon, ask, again: retry } = WORDS[reader.reader];
  const failed = typeof phase === 'object' ? phase.failed : null;
  const words = (): string => {
    if (phase === 'spent') return t('proof.readerSpent');
    if (phase === 'preparing') return t('proof.readerWait');
    if (phase === 'ready') return t(ask);
    if (phase === 'reading') return t('proof.reading');
    if (isOut(phase.failed)) return t('proof.readerOut');
    if (phase.failed === 'not-accepted') return t('proof.wrong');
    return t(phase.failed === 'no-match' ? retry : 'proof.noTouch');
  };
  const mayRetry = failed !== null && !isOut(failed);
  return (
    <Question wide big kicker={kicker} title={seat.bed(bed)} lead={<span role={failed === null ? 'status' : 'alert'}>{words()}</span>} foot={others}>
      <div className="reader" data-state={typeof phase === 'string' ? phase : 'failed'}>
        <Icon aria-hidden />
        {mayRetry && (
          <Press tone="main" primary onPress={again}>
            <RotateCcw aria-hidden />
            {t('proof.tryAgain')}
          </Press>
        )}
        {phase === 'ready' && !online && <p className="note">{t('proof.readerOffline')}</p>}
      </div>
    </Question>
  );
}
