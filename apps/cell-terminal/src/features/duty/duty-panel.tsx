import { MINUTE } from '@sallyport/basics';
import type { TerminalHome } from '@sallyport/contracts';
import { DutyBanner, Ltr, useFmt } from '@sallyport/ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Go } from '../../shell/pages';
import { useNow, useZone } from '../../shell/terminal-context';
import { useSeatText } from './seat-text';
import { openSlot, runningSlot, upcomingSlot } from './slots';

/** The largest thing of the home page: whose turn it is, from when to when, and who has signed. */
export function DutyPanel({ view, go }: { view: TerminalHome; go: Go }): ReactNode {
  const { t } = useTranslation('cell');
  const seat = useSeatText();
  const fmt = useFmt(useZone());
  const now = useNow();
  const open = openSlot(view, now);
  const next = upcomingSlot(view, now);
  const running = runningSlot(view, now);
  const time = (text: string): string => fmt.time(Date.parse(text));
  if (open) {
    const { slot, seats } = open;
    const waiting = seats.filter((one) => !seat.signed(slot, one));
    const signed = seats.filter((one) => seat.signed(slot, one));
    const until = now < Date.parse(open.onTimeUntil) ? t('duty.signBefore', { time: time(open.onTimeUntil) }) : t('duty.signLate');
    // From the first minute on the screen says in words what is spoken, to those who are missing.
    const called = waiting.length > 0 && now >= Date.parse(open.startsAt) + MINUTE;
    const press = { action: t('duty.signIn'), onPress: () => go({ at: 'duty' as const, slot }) };
    return (
      <DutyBanner
        kicker={called ? t('duty.comeNow') : t('duty.now')}
        who={seat.beds((called ? waiting : seats).map(({ bed }) => bed))}
        called={called}
        details={[<Ltr key="hours">{seat.hours(open)}</Ltr>, waiting.length > 0 ? until : t('duty.bothDone')]}
        marks={waiting.length > 0 ? signed.map((one) => `${seat.bed(one.bed)} ${seat.state(slot, one)}`) : []}
        open={waiting.length > 0}
        {...(waiting.length > 0 && press)}
      />
    );
  }
  const after = next === null ? t('duty.noNext') : `${t('duty.upcoming')} ${time(next.startsAt)} ${seat.beds(next.seats.map(({ bed }) => bed))}`;
  if (running && running.seats.length > 0) {
    return (
      <DutyBanner
        kicker={t('roster.current')}
        who={seat.beds(running.seats.map(({ bed }) => bed))}
        details={[<Ltr key="hours">{seat.hours(running)}</Ltr>, after]}
        marks={running.seats.map((one) => `${seat.bed(one.bed)} ${seat.state(running.slot, one)}`)}
      />
    );
  }
  // The plan has this time, but nobody was put into it: that is the officers' to mend, and said as it is.
  if (running) return <DutyBanner kicker={<Ltr>{seat.hours(running)}</Ltr>} who={t('home.nobody')} details={next === null ? [] : [after]} />;
  if (next === null) return <DutyBanner kicker={t('home.duty')} who={t('home.noPlan')} />;
  return (
    <DutyBanner
      kicker={t('duty.upcoming')}
      who={seat.beds(next.seats.map(({ bed }) => bed))}
      details={[<Ltr key="hours">{seat.hours(next)}</Ltr>, t('duty.signFrom', { time: time(next.opensAt) })]}
    />
  );
}
