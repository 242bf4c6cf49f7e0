import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** What happened to an item or an alarm, in words; an event that has none yet shows its own name rather than nothing. */
export function useEventWords(): (what: string) => string {
  const { t, i18n } = useTranslation('console');
  return useCallback(
    (event) => {
      const [, verdict] = event.split('verdict-');
      if (verdict) return String(t(`verdictDone.${verdict}` as never));
      return i18n.exists(`console:event.${event}`) ? String(t(`event.${event}` as never)) : event;
    },
    [t, i18n],
  );
}
