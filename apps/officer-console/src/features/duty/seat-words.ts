import type { BoardCell } from '@sallyport/contracts';
import { useFmt } from '@sallyport/ui';
import { useTranslation } from 'react-i18next';

type SeatState = BoardCell['seats'][number];

/** What a seat's line says: when it was signed, where the person is, or that the answer may be inside the terminal. */
export function useSeatWords(zone: string) {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  return (seat: SeatState, cell: BoardCell): string => {
    if (seat.where) return t(`absence.${seat.where}` as never) as string;
    // What a silent terminal holds is not known: nobody is called absent before it has come back.
    if (cell.state === 'offline' && (seat.state === 'waiting' || seat.state === 'absent')) return t('board.savedThere');
    if (seat.state === 'waiting') return t('board.seat.waiting');
    return t(`board.seat.${seat.state}`, { time: seat.signedAt ? fmt.time(Date.parse(seat.signedAt)) : '' });
  };
}
