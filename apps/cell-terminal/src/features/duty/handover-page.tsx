import type { SlotView } from '@sallyport/contracts';
import { ChoiceList, Confirmation, Ltr, Question, StateLine, useFmt } from '@sallyport/ui';
import { BedDouble, CircleCheck, MessageSquareWarning } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { saveAct, useProgress, useRefusal } from '../../shell/acts';
import { Gone } from '../../shell/gone';
import { type Go, HOME, type Page } from '../../shell/pages';
import { useHome, useTerminal, useZone } from '../../shell/terminal-context';
import { PersonProof } from './person-proof';
import { useSeatText } from './seat-text';
import { knownSlots, maySpeak } from './slots';

type HandoverPage = Extract<Page, { at: 'handover' }>;
const HAPPENED = ['noise', 'sick', 'quarrel', 'sleepless', 'broken', 'other'] as const;

/** Which of the two speaks. Who did not serve stands there too, with the reason, but cannot be pressed. */
function ChooseOutgoing({ slot, kicker, page, go }: { slot: SlotView; kicker: ReactNode; page: HandoverPage; go: Go }) {
  const { t } = useTranslation('cell');
  const seat = useSeatText();
  const items = slot.seats.map((one) => {
    const silent = !maySpeak(one.state);
    return { id: String(one.bed), label: seat.bed(one.bed), icon: BedDouble, isDisabled: silent, ...(silent && { detail: seat.state(slot.slot, one) }) };
  });
  return (
    <Question kicker={kicker} title={t('duty.chooseBed')}>
      <ChoiceList aria-label={t('duty.chooseBed')} items={items} onChoose={(id) => go({ ...page, bed: Number(id) })} />
    </Question>
  );
}

/** The handover note of the outgoing two: normal or not, what it was, who says so. */
export function Handover({ page, masked, go }: { page: HandoverPage; masked: boolean; go: Go }) {
  const { t } = useTranslation('cell');
  const terminal = useTerminal();
  const seat = useSeatText();
  const home = useHome();
  const slot = home && knownSlots(home.view).find((one) => one.slot === page.slot);
  if (!slot) return <Gone go={go} />;
  const kicker = (
    <>
      {t('handover.title')} <Ltr>{seat.hours(slot)}</Ltr>
    </>
  );
  const { verdict, remark, bed } = page;
  if (verdict === undefined) {
    const items = [
      { id: 'normal', label: t('handover.normal'), icon: CircleCheck },
      { id: 'abnormal', label: t('handover.abnormal'), icon: MessageSquareWarning },
    ];
    return (
      <Question kicker={kicker} title={t('handover.ask')}>
        <ChoiceList aria-label={t('handover.ask')} items={items} onChoose={(id) => go({ ...page, verdict: id as 'normal' | 'abnormal' })} />
      </Question>
    );
  }
  if (verdict === 'abnormal' && remark === undefined) {
    return (
      <Question kicker={kicker} title={t('handover.what')}>
        <ChoiceList
          aria-label={t('handover.what')}
          columns={2}
          items={HAPPENED.map((id) => ({ id, label: t(`handover.${id}`) }))}
          onChoose={(id) => go({ ...page, remark: id })}
        />
      </Question>
    );
  }
  if (bed === undefined) return <ChooseOutgoing slot={slot} kicker={kicker} page={page} go={go} />;
  return (
    <PersonProof
      kicker={kicker}
      bed={bed}
      wrong={page.wrong === true}
      masked={masked}
      draft={() =>
        terminal.draft('duty.handover', {
          person: { bed },
          slot: slot.slot,
          verdict,
          remark: remark === undefined ? '' : t(`handover.${remark as (typeof HAPPENED)[number]}`, { lng: 'zh-CN' }),
        })
      }
      onOther={() => go({ at: 'handover', slot: slot.slot, verdict, ...(remark !== undefined && { remark }) })}
      onProved={(draft, proof) =>
        void saveAct(terminal, draft, proof).then((saved) =>
          go(saved.ok ? { at: 'handover-sent', verdict, sent: saved.sent, from: page } : { at: 'not-saved', why: saved.why }),
        )
      }
    />
  );
}

/** How far the note has come. The outgoing two stay until the next two have signed in. */
export function HandoverSent({ page, go }: { page: Extract<Page, { at: 'handover-sent' }>; go: Go }) {
  const { t } = useTranslation('cell');
  const { t: refusal } = useTranslation('refusal');
  const { t: common } = useTranslation('common');
  const fmt = useFmt(useZone());
  const { state, outcome } = useProgress(page.sent);
  useRefusal(page.sent, outcome, () => go({ ...page.from, wrong: true }));
  if (outcome?.outcome === 'refused') {
    return <Confirmation tone="refused" title={common('state.refused')} lead={outcome.code && refusal(outcome.code)} onLeave={() => go(HOME)} />;
  }
  if (outcome?.outcome === 'parked')
    return <Confirmation tone="saved" title={common('state.parked')} lead={common('state.parkedNext')} onLeave={() => go(HOME)} />;
  const time = fmt.time(page.sent.at);
  const released = outcome?.result?.['released'] === true;
  return (
    <Confirmation
      tone={outcome ? 'ok' : 'saved'}
      title={outcome ? t('handover.done', { time }) : t('duty.doneSaved', { time })}
      lead={page.verdict === 'abnormal' ? t('handover.toldOfficer') : released ? t('handover.released') : t('duty.stayUntil')}
      next={<StateLine state={state} />}
      onLeave={() => go(HOME)}
    />
  );
}
