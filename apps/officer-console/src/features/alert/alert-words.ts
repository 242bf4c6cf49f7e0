import type { AlertRow } from '@sallyport/contracts';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** What an alarm is about, in words. Its title is a key of the console's catalogue; a kind without one is named by its kind. */
export function useAlertTitle(): (alert: Pick<AlertRow, 'title' | 'kind'>) => string {
  const { t, i18n } = useTranslation('console');
  return useCallback(({ title, kind }) => (i18n.exists(`console:${title}`) ? String(t(title as never)) : t(`alert.kind.${kind}`)), [t, i18n]);
}

/** The label of the acknowledgement: it names the place, and calls only a call a call. */
export function useAcknowledgeLabel(): (alert: Pick<AlertRow, 'kind' | 'cell' | 'place'>) => string {
  const { t } = useTranslation('console');
  return useCallback(
    ({ kind, cell, place }) => {
      const where = cell ?? place?.slice(place.indexOf(':') + 1) ?? '';
      return kind === 'emergency-call' ? t('alert.acknowledgeCell', { cell: where }) : `${t('alert.acknowledge')} ${where}`;
    },
    [t],
  );
}

/** What an alarm is about in the fewest words, for a heading that names the place already. */
export function useAlertHeading(): (alert: Pick<AlertRow, 'title' | 'kind'>) => string {
  const { t } = useTranslation('console');
  const titleOf = useAlertTitle();
  return useCallback((alert) => (alert.kind === 'duty-anomaly' ? titleOf(alert) : t(`alert.kind.${alert.kind}`)), [t, titleOf]);
}
