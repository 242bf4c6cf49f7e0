import type { SlotView } from '@sallyport/contracts';
import { ChoiceList, Ltr, Question, useFmt } from '@sallyport/ui';
import { BedDouble, ClipboardCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { saveAct } from '../../shell/acts';
import { Gone } from '../../shell/gone';
import { type Go, HOME, type Page } from '../../shell/pages';
import { useHome, useNow, useTerminal, useZone } from '../../shell/terminal-context';
import { TRIES, useLocalSigns } from './local-signs';
import { PersonProof, ProofLocked } from './person-proof';
import { useSeatText } from './seat-text';
import { handoverSlot, knownSlots } from './slots';

type DutyPage = Extract<Page, { at: 'duty' }>;

function useSlot(key: string): SlotView | null {
  const home = useHome();
  return home === null ? null : (knownSlots(home.view).find(({ slot }) => slot === key) ?? null);
}

/** Both people of the incoming slot and, where one ends now, the outgoing ones: the whole handover on one screen. */
function ChooseBed({ slot, go }: { slot: SlotView; go: Go }) {
  const { t } = useTranslation('cell');
  const seat = useSeatText();
  const fmt = useFmt(useZone());
  const now = useNow();
  const home = useHome();
  const outgoing = home && handoverSlot(home.view, now);
  const items = slot.seats.map((one) => ({
    id: String(one.bed),
    label: seat.bed(one.bed),
    detail: seat.state(slot.slot, one),
    icon: BedDouble,
    isDisabled: seat.signed(slot.slot, one),
  }));
  const handover =
    outgoing && outgoing.slot !== slot.slot
      ? [{ id: 'handover', label: t('handover.title'), detail: seat.beds(outgoing.seats.map(({ bed }) => bed)), icon: ClipboardCheck }]
      : [];
  const lead = handover.length > 0 ? t('duty.stayUntil') : t('duty.chooseHint');
  const until = fmt.time(Date.parse(slot.onTimeUntil));
  const late = now >= Date.parse(slot.onTimeUntil);
  return (
    <Question
      wide
      kicker={
        <>
          {t('duty.signIn')} <Ltr>{seat.hours(slot)}</Ltr>
        </>
      }
      title={t('duty.chooseBed')}
      lead={lead}
      below={<p>{late ? t('duty.signLate') : t('duty.signBefore', { time: until })}</p>}
    >
      <ChoiceList
        aria-label={t('duty.chooseBed')}
        items={[...items, ...handover]}
        onChoose={(id) => go(id === 'handover' && outgoing ? { at: 'handover', slot: outgoing.slot } : { at: 'duty', slot: slot.slot, bed: Number(id) })}
      />
    </Question>
  );
}

/** Sign-in for duty: which bed, then the person's own proof. */
export function DutySignIn({ page, masked, go }: { page: DutyPage; masked: boolean; go: Go }) {
  const { t } = useTranslation('cell');
  const terminal = useTerminal();
  const slot = useSlot(page.slot);
  const seat = useSeatText();
  const { signs, mark } = useLocalSigns();
  const { bed } = page;
  if (slot === null) return <Gone go={go} />;
  if (bed === undefined) return <ChooseBed slot={slot} go={go} />;
  if (mark(slot.slot, bed).tries >= TRIES) return <ProofLocked bed={bed} onOther={() => go(HOME)} />;
  return (
    <PersonProof
      kicker={
        <>
          {t('duty.signIn')} <Ltr>{seat.hours(slot)}</Ltr>
        </>
      }
      bed={bed}
      wrong={page.wrong === true}
      masked={masked}
      draft={() => terminal.draft('duty.sign-in', { person: { bed }, slot: slot.slot })}
      onOther={() => go({ at: 'duty', slot: slot.slot })}
      onProved={(draft, proof) =>
        void saveAct(terminal, draft, proof).then((saved) => {
          if (!saved.ok) return go({ at: 'not-saved', why: saved.why });
          signs.saved(slot.slot, bed, saved.sent.at);
          // The answer may come long after this page has gone; the bed must not stay marked as signed.
          void saved.sent.outcome.then(({ outcome }) => outcome === 'refused' && signs.refused(slot.slot, bed));
          go({ at: 'duty-sent', slot: slot.slot, bed, sent: saved.sent });
        })
      }
    />
  );
}
