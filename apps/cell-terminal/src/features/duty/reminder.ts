import { MINUTE } from '@sallyport/basics';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useHome, useHouse, useNow } from '../../shell/terminal-context';
import { terminalVoice } from '../../voice/voice';
import { useSeatText } from './seat-text';
import { openSlot } from './slots';

/** Made with the first tone, a minute before it is needed: browsers look for their voices only when asked, and that is no work for a start. */
let voice: ReturnType<typeof terminalVoice> | null = null;

/** Tone at the start, voice a minute later, then again every minute until both have signed or the window closes. */
export function useDutyReminder(volume: number): void {
  const { sound } = useHouse();
  const { t, i18n } = useTranslation('cell');
  const home = useHome();
  const now = useNow();
  const seat = useSeatText();
  const open = home && openSlot(home.view, now);
  const beds = open?.seats.filter((one) => !seat.signed(open.slot, one)).map(({ bed }) => bed) ?? [];
  const minute = open !== null && beds.length > 0 && now >= Date.parse(open.startsAt) ? Math.floor((now - Date.parse(open.startsAt)) / MINUTE) : null;
  const call = (count: number): void => {
    voice ??= terminalVoice();
    const reminder = { text: t('duty.reminder', { beds: seat.beds(beds) }), language: i18n.language, beds };
    // No clip and no voice of this language: the tone again, and the words on the screen.
    if (count === 0 || voice(reminder, volume) === null) sound.play('reminder', volume);
  };
  // The volume and the beds of the moment are right; a change of theme or one who signs is no new reminder.
  const latest = useRef(call);
  latest.current = call;
  useEffect(() => {
    if (minute !== null) latest.current(minute);
  }, [minute]);
}
