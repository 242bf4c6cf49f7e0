import type { TerminalHome } from '@sallyport/contracts';
import { ChoiceList, Confirmation, Press, Question, StateLine } from '@sallyport/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { saveAct, type Sent, useProgress, useRefusal } from '../../shell/acts';
import type { Go, Page } from '../../shell/pages';
import { useHome, useNow, useTerminal } from '../../shell/terminal-context';
import { PersonProof } from '../duty/person-proof';
import { useSeatText } from '../duty/seat-text';
import { handoverSlot, openSlot } from '../duty/slots';

type RollCallView = NonNullable<TerminalHome['rollCall']>;
type RollCallPage = Extract<Page, { at: 'roll-call' }>;
const DONE_FOR = 3_000;

function Answered({ sent, onWrong, onDone }: { sent: Sent; onWrong: () => void; onDone: (accepted: boolean) => void }) {
  const { t } = useTranslation('cell');
  const { t: common } = useTranslation('common');
  const { t: refusal } = useTranslation('refusal');
  const { state, outcome } = useProgress(sent);
  useRefusal(sent, outcome, onWrong);
  if (outcome?.outcome === 'refused')
    return (
      <Confirmation
        tone="refused"
        title={common('state.refused')}
        lead={outcome.code && refusal(outcome.code)}
        leaveAfter={DONE_FOR}
        onLeave={() => onDone(false)}
      />
    );
  return (
    <Confirmation
      tone={outcome ? 'ok' : 'saved'}
      title={outcome ? t('rollCall.done') : common('state.saved')}
      next={<StateLine state={state} />}
      leaveAfter={DONE_FOR}
      onLeave={() => onDone(true)}
    />
  );
}

/** Duty goes on during a roll call: who has to sign in or hand over now finds the way here, because the idle screen is taken. */
function DutyWays({ go }: { go: Go }) {
  const { t } = useTranslation('cell');
  const seat = useSeatText();
  const home = useHome();
  const now = useNow();
  const open = home && openSlot(home.view, now);
  const outgoing = home && handoverSlot(home.view, now);
  const missing = open !== null && open.seats.some((one) => !seat.signed(open.slot, one));
  return (
    <>
      {missing && <Press onPress={() => go({ at: 'duty', slot: open.slot })}>{t('home.duty')}</Press>}
      {outgoing && <Press onPress={() => go({ at: 'handover', slot: outgoing.slot })}>{t('home.handover')}</Press>}
    </>
  );
}

/** The roll call takes over the idle screen: each person answers with the own proof. */
export function RollCall({ call, page, masked, go }: { call: RollCallView; page: RollCallPage; masked: boolean; go: Go }) {
  const { t } = useTranslation('cell');
  const terminal = useTerminal();
  const seat = useSeatText();
  const now = useNow();
  const [sent, setSent] = useState<{ bed: number; sent: Sent } | null>(null);
  const [own, setOwn] = useState<ReadonlySet<number>>(new Set());
  const left = Math.max(0, Math.ceil((Date.parse(call.answerBy) - now) / 1_000));
  const here = call.beds.filter(({ bed, present }) => present || own.has(bed)).length;
  const { bed } = page;
  if (sent) {
    const done = (accepted: boolean): void => {
      if (accepted) setOwn(new Set([...own, sent.bed]));
      setSent(null);
      go({ at: 'roll-call' });
    };
    const wrong = (): void => {
      setSent(null);
      go({ at: 'roll-call', bed: sent.bed, wrong: true });
    };
    return <Answered sent={sent.sent} onDone={done} onWrong={wrong} />;
  }
  if (bed !== undefined) {
    return (
      <PersonProof
        kicker={t('rollCall.title')}
        bed={bed}
        wrong={page.wrong === true}
        masked={masked}
        draft={() => terminal.draft('roll-call.answer', { rollCall: call.id, person: { bed } })}
        onOther={() => go({ at: 'roll-call' })}
        onProved={(draft, proof) =>
          void saveAct(terminal, draft, proof).then((saved) => (saved.ok ? setSent({ bed, sent: saved.sent }) : go({ at: 'not-saved', why: saved.why })))
        }
      />
    );
  }
  const items = call.beds.map(({ bed: no, present }) => ({ id: String(no), label: seat.bed(no), isDisabled: present || own.has(no) }));
  return (
    <Question
      kicker={`${t('rollCall.title')} · ${t('rollCall.round', { n: call.round })}`}
      title={here === call.beds.length ? t('rollCall.complete') : t('rollCall.choose')}
      lead={t('rollCall.present', { n: here, of: call.beds.length })}
      foot={<DutyWays go={go} />}
      below={<p role="timer">{call.round > 1 ? t('rollCall.again') : t('rollCall.left', { s: left })}</p>}
    >
      <ChoiceList aria-label={t('rollCall.choose')} columns={3} items={items} onChoose={(id) => go({ at: 'roll-call', bed: Number(id) })} />
    </Question>
  );
}
