import { addDays, siteTime } from '@sallyport/basics';
import type { CommandOutcome, dutySignIn, ResultOf, SlotView } from '@sallyport/contracts';
import { Bar, Confirmation, Press, StateLine, useFmt } from '@sallyport/ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useOnOutcome, useProgress, useRefusal } from '../../shell/acts';
import { type Go, HOME, type Page } from '../../shell/pages';
import { useHome, useNow, useTerminal, useZone } from '../../shell/terminal-context';
import { useSeatText } from './seat-text';
import { knownSlots } from './slots';

type SentPage = Extract<Page, { at: 'duty-sent' }>;
type SignedSeat = ResultOf<typeof dutySignIn>;

/** "明天 02:00", or the date where it is further away. */
function useWhen(): (instant: string) => string {
  const { t } = useTranslation('common');
  const zone = useZone();
  const now = useNow();
  const fmt = useFmt(zone);
  return (text) => {
    const at = Date.parse(text);
    const today = siteTime(now, zone).date;
    const { date } = siteTime(at, zone);
    const day = date === today ? t('time.today') : date === addDays(today, 1) ? t('time.tomorrow') : date;
    return `${day} ${fmt.time(at)}`;
  };
}

/** The second person of the slot, while that one is missing. */
function OtherPerson({ slot, bed, go }: { slot: SlotView; bed: number; go: Go }): ReactNode {
  const { t } = useTranslation('cell');
  const seat = useSeatText();
  const fmt = useFmt(useZone());
  const late = useNow() >= Date.parse(slot.onTimeUntil);
  const missing = slot.seats.find((one) => one.bed !== bed && !seat.signed(slot.slot, one));
  if (!missing) return slot.seats.length > 1 ? <p className="text-label font-bold">{t('duty.bothDone')}</p> : null;
  return (
    <Bar
      tone="amber"
      action={
        <Press tone="main" onPress={() => go({ at: 'duty', slot: slot.slot, bed: missing.bed })}>
          {t('duty.signOther', { bed: missing.bed })}
        </Press>
      }
    >
      {late ? `${seat.bed(missing.bed)} · ${t('duty.signLate')}` : t('duty.stillMissing', { bed: missing.bed, time: fmt.time(Date.parse(slot.onTimeUntil)) })}
    </Bar>
  );
}

function Accepted({ page, slot, outcome, go }: { page: SentPage; slot: SlotView; outcome: CommandOutcome; go: Go }) {
  const { t } = useTranslation('cell');
  const fmt = useFmt(useZone());
  const when = useWhen();
  const result = outcome.result as Partial<SignedSeat> | undefined;
  const time = fmt.time(result?.signedAt === undefined ? page.sent.at : Date.parse(result.signedAt));
  const next = result?.nextSlotStartsAt;
  return (
    <Confirmation
      title={result?.state === 'late' ? t('duty.doneLate', { time }) : t('duty.done', { time })}
      lead={t('duty.yourShift', { bed: page.bed, from: fmt.time(Date.parse(slot.startsAt)), to: fmt.time(Date.parse(slot.endsAt)) })}
      next={next ? t('duty.next', { time: when(next) }) : t('duty.noNext')}
      also={<OtherPerson slot={slot} bed={page.bed} go={go} />}
      onLeave={() => go(HOME)}
    />
  );
}

function Waiting({ page, slot, sent, go }: { page: SentPage; slot: SlotView; sent: boolean; go: Go }) {
  const { t } = useTranslation('cell');
  const fmt = useFmt(useZone());
  return (
    <Confirmation
      tone="saved"
      title={t('duty.doneSaved', { time: fmt.time(page.sent.at) })}
      lead={t('duty.doneSavedNext')}
      next={<StateLine state={sent ? 'sent' : 'saved'} />}
      also={<OtherPerson slot={slot} bed={page.bed} go={go} />}
      onLeave={() => go(HOME)}
    />
  );
}

/** How far the sign-in has come: saved here, sent, accepted, refused with the reason and what now. */
export function DutySent({ page, go }: { page: SentPage; go: Go }) {
  const { t: refusal } = useTranslation('refusal');
  const { t: common } = useTranslation('common');
  const terminal = useTerminal();
  const home = useHome();
  const { state, outcome } = useProgress(page.sent);
  const slot = home && knownSlots(home.view).find((one) => one.slot === page.slot);
  const code = outcome?.code;
  useOnOutcome(outcome, (answer) => answer.outcome === 'accepted' && void terminal.refreshHome());
  useRefusal(page.sent, outcome, () => go({ at: 'duty', slot: page.slot, bed: page.bed, wrong: true }));
  if (outcome?.outcome === 'refused')
    return <Confirmation tone="refused" title={common('state.refused')} lead={code && refusal(code)} onLeave={() => go(HOME)} />;
  if (outcome?.outcome === 'parked')
    return <Confirmation tone="saved" title={common('state.parked')} lead={common('state.parkedNext')} onLeave={() => go(HOME)} />;
  // The slot has left the plan meanwhile; what was saved is saved all the same.
  if (!slot) return <Confirmation tone="saved" title={common('state.saved')} next={<StateLine state={state} />} onLeave={() => go(HOME)} />;
  if (outcome?.outcome === 'accepted') return <Accepted page={page} slot={slot} outcome={outcome} go={go} />;
  return <Waiting page={page} slot={slot} sent={state === 'sent'} go={go} />;
}
