import type { SlotView } from '@sallyport/contracts';
import { useFmt } from '@sallyport/ui';
import { useTranslation } from 'react-i18next';
import { useZone } from '../../shell/terminal-context';
import { useLocalSigns } from './local-signs';

type SeatView = SlotView['seats'][number];

/** Words for seats: "3 号床", "已签 13:58", "已存本机 13:58". */
export function useSeatText(): {
  bed: (bed: number) => string;
  beds: (beds: readonly number[]) => string;
  state: (slot: string, seat: SeatView) => string;
  signed: (slot: string, seat: SeatView) => boolean;
  hours: (slot: Pick<SlotView, 'startsAt' | 'endsAt'>) => string;
} {
  const { t } = useTranslation('cell');
  const { t: common } = useTranslation('common');
  const fmt = useFmt(useZone());
  const { mark } = useLocalSigns();
  const bed = (no: number): string => common('place.bed', { bed: no });
  return {
    bed,
    beds: (list) => fmt.list(list.map(bed)),
    state(slot, seat) {
      const time = seat.signedAt === null ? '' : fmt.time(Date.parse(seat.signedAt));
      const { savedAt } = mark(slot, seat.bed);
      if (seat.state === 'waiting' && savedAt !== null) return t('duty.savedHere', { time: fmt.time(savedAt) });
      switch (seat.state) {
        case 'waiting':
          return t('duty.waiting');
        case 'on-time':
        case 'late-proved':
          return t('duty.signed', { time });
        case 'late':
          return t('duty.late', { time });
        case 'absent':
          return t('duty.absent');
        case 'excused':
          return t('duty.excused');
      }
    },
    signed: (slot, seat) => seat.state !== 'waiting' || mark(slot, seat.bed).savedAt !== null,
    hours: ({ startsAt, endsAt }) => `${fmt.time(Date.parse(startsAt))}–${fmt.time(Date.parse(endsAt))}`,
  };
}
