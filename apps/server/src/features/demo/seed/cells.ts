import type { Draw } from '@sallyport/domain';

export type SiteSize = 'county' | 'district' | 'city' | 'large';

/** People and cells of a demo site (product, "Scale to plan for"). */
export const SITE_SIZES: Readonly<Record<SiteSize, { readonly people: number; readonly cells: number; readonly rooms: number; readonly name: string }>> = {
  county: { people: 100, cells: 8, rooms: 4, name: '示范县看守所' },
  district: { people: 500, cells: 40, rooms: 10, name: '示范区看守所' },
  city: { people: 1_500, cells: 110, rooms: 10, name: '示范市看守所' },
  large: { people: 3_000, cells: 210, rooms: 10, name: '示范市第一看守所' },
};

/** Who lives in a cell: the law keeps these apart. */
export type CellUse = 'ordinary' | 'minors' | 'sentenced' | 'transition';

export interface SeedCell {
  readonly number: string;
  readonly capacity: number;
  readonly sex: 'male' | 'female';
  readonly use: CellUse;
  readonly people: number;
}

const CAPACITY = 16;
const WOMEN_SHARE = 0.1;
const TRANSITION_SHARE = 0.08;
const SENTENCED_SHARE = 0.08;
const MINORS_SHARE = 0.02;
/** Small houses send minors to a larger one. */
const CELLS_WITH_MINORS = 40;

function share(of: number, part: number, least: number): number {
  return Math.max(least, Math.round(of * part));
}

/** Uses of `amount` cells of one sex, the ordinary ones first. */
function usesOf(amount: number, minors: boolean): CellUse[] {
  const special = amount < 4 ? [] : [...Array.from({ length: share(amount, SENTENCED_SHARE, 1) }, () => 'sentenced' as const)];
  const young = minors ? Array.from({ length: share(amount, MINORS_SHARE, 1) }, () => 'minors' as const) : [];
  const fresh = amount < 4 ? [] : Array.from({ length: share(amount, TRANSITION_SHARE, 1) }, () => 'transition' as const);
  const rest = amount - special.length - young.length - fresh.length;
  return [...Array.from({ length: rest }, () => 'ordinary' as const), ...young, ...special, ...fresh];
}

/** How many people each cell holds: as even as the numbers allow, with one more here and one fewer there. */
function occupancy(people: number, cells: number, draw: Draw): number[] {
  const sizes = Array.from({ length: cells }, (_, index) => Math.floor(people / cells) + (index < people % cells ? 1 : 0));
  for (let index = 0; index + 1 < cells; index += 2) {
    if (draw() < 0.5) continue;
    sizes[index] = (sizes[index] ?? 0) + 1;
    sizes[index + 1] = (sizes[index + 1] ?? 0) - 1;
  }
  return sizes;
}

/** The cells of a demo site in order of their number: men's first, women's in the last ones. */
export function seedCells(size: SiteSize, draw: Draw): SeedCell[] {
  const { people, cells, rooms } = SITE_SIZES[size];
  const women = share(cells, WOMEN_SHARE, 1);
  const plan = [
    ...usesOf(cells - women, cells >= CELLS_WITH_MINORS).map((use) => ({ sex: 'male' as const, use })),
    ...usesOf(women, false).map((use) => ({ sex: 'female' as const, use })),
  ];
  const sizes = occupancy(people, cells, draw);
  return plan.map((cell, index) => {
    const block = String(Math.floor(index / rooms) + 1).padStart(2, '0');
    const room = String((index % rooms) + 1).padStart(2, '0');
    return { number: block + room, capacity: CAPACITY, ...cell, people: sizes[index] ?? 0 };
  });
}
