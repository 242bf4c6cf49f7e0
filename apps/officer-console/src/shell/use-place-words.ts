import { cellOfPlace } from '@sallyport/contracts';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** A place as people call it: "0302 监室", or the name of a spot in the hall. */
export function usePlaceWords(): (place: string) => string {
  const { t } = useTranslation('common');
  return useCallback(
    (place) => {
      const cell = cellOfPlace(place);
      return cell ? t('place.cell', { cell }) : t('place.hall', { name: place.slice(place.indexOf(':') + 1) });
    },
    [t],
  );
}
