import { type TimelineEntry, useFmt } from '@sallyport/ui';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { siteNow } from '../platform/site-clock';
import { mergeRepeats, type PastEvent } from './repeats';
import { useEventWords } from './use-event-words';
import { useNoteWords } from './use-note-words';

/** A history as a time line: the day where it is not today's, and what happened again and again as one line with its count. */
export function useHistory(zone: string): (history: readonly PastEvent[]) => TimelineEntry[] {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  const eventWords = useEventWords();
  const noteWords = useNoteWords();
  return useCallback(
    (history) => {
      const now = siteNow();
      const timeOf = (at: string) => fmt.moment(Date.parse(at), now);
      return mergeRepeats(history).map(({ at, lastAt, count, who, what, note }) => {
        const repeats = count > 1 ? t('event.repeated', { n: count, time: timeOf(lastAt) }) : null;
        // To whom something was passed on belongs to the act itself, not under it.
        const isPassedOn = what === 'escalated' && note !== null;
        const words = isPassedOn ? t('event.escalatedTo', { who: noteWords(what, note) ?? '' }) : eventWords(what);
        const rest = [isPassedOn ? null : noteWords(what, note), repeats].filter((part) => part !== null);
        return { id: `${at} ${what} ${note ?? ''}`, time: timeOf(at), who, what: words, note: rest.length > 0 ? rest.join(' · ') : null };
      });
    },
    [t, fmt, eventWords, noteWords],
  );
}
