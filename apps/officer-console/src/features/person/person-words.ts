import type { ResponseOf, personDetail } from '@sallyport/contracts';

export type Person = ResponseOf<typeof personDetail>;

/** "0302-05": cell and bed, the number by which everybody calls a place. */
export function bedPlace(cell: string, bed: number | null): string {
  return `${cell}-${String(bed ?? '').padStart(2, '0')}`;
}
