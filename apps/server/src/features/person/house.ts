import { must } from '@sallyport/basics';
import { type RefusalCode, blockOfCell } from '@sallyport/contracts';
import { type SeparationFacts, separationsOf } from '@sallyport/domain';
import type { Trx } from '../../platform/db/index.js';
import { type Cell, cellsOfSite, peopleOfCells } from './facts.js';

/** Somebody who is to be placed, or who is in a bed already. */
export interface Lodger {
  readonly id: string;
  readonly cell: string;
  readonly bed: number;
  readonly facts: SeparationFacts;
}

/** Why a place cannot be had. `rule` is stable: reports and screens translate it. */
export interface PlacementProblem {
  readonly code: Extract<RefusalCode, 'NOT_FOUND' | 'BED_TAKEN' | 'CELL_FULL' | 'SEPARATION_RULE'>;
  readonly field: 'cell' | 'bed';
  readonly rule: string;
  readonly message: string;
}

/** Cells and who sleeps where, read once and kept while people are placed. */
export class House {
  private readonly cells: ReadonlyMap<string, Cell>;
  private readonly lodgers = new Map<string, Lodger[]>();

  constructor(
    cells: readonly Cell[],
    lodgers: readonly Lodger[],
    /** The site's date: who is a minor depends on it. */
    private readonly today: string,
  ) {
    this.cells = new Map(cells.map((cell) => [cell.number, cell]));
    for (const lodger of lodgers) this.put(lodger);
  }

  put(lodger: Lodger): void {
    this.lodgers.set(lodger.cell, [...(this.lodgers.get(lodger.cell) ?? []), lodger]);
  }

  private mates(candidate: Lodger): Lodger[] {
    return (this.lodgers.get(candidate.cell) ?? []).filter((lodger) => lodger.id !== candidate.id);
  }

  /** Separation rules that somebody breaks in a cell (HARD): sex of the cell, then those against each cell mate. */
  separations(candidate: Lodger): string[] {
    const cell = must(this.cells.get(candidate.cell), 'cell');
    const against = this.mates(candidate).flatMap((mate) => separationsOf(candidate.facts, mate.facts, this.today));
    return [...new Set([...(cell.sex === candidate.facts.sex ? [] : ['SEX_SEPARATION']), ...against])];
  }

  /** Why somebody cannot be placed there, the first reason; null when the place is free and right. */
  problem(candidate: Lodger): PlacementProblem | null {
    const cell = this.cells.get(candidate.cell);
    if (!cell) return { code: 'NOT_FOUND', field: 'cell', rule: 'cell-unknown', message: `There is no cell ${candidate.cell}.` };
    const [separation] = this.separations(candidate);
    if (separation) return { code: 'SEPARATION_RULE', field: 'cell', rule: separation, message: `The law keeps these people apart: ${separation}.` };
    const mates = this.mates(candidate);
    if (mates.length >= cell.capacity) return { code: 'CELL_FULL', field: 'cell', rule: 'cell-full', message: `Cell ${cell.number} is full.` };
    if (candidate.bed > cell.capacity) {
      return { code: 'BED_TAKEN', field: 'bed', rule: 'bed-unknown', message: `Cell ${cell.number} has beds 1 to ${cell.capacity}.` };
    }
    if (mates.some((mate) => mate.bed === candidate.bed))
      return { code: 'BED_TAKEN', field: 'bed', rule: 'bed-taken', message: `Bed ${candidate.bed} is taken.` };
    return null;
  }
}

/** The house as it is, with the cells locked until the transaction ends, so that two placements see one another. `all` for an import. */
export async function lockHouse(trx: Trx, cells: readonly string[] | 'all', today: string): Promise<House> {
  const locked = trx.selectFrom('cell').select('number').orderBy('number').forUpdate();
  await (cells === 'all' || cells.length === 0 ? locked : locked.where('number', 'in', [...cells])).execute();
  const [known, people] = [await cellsOfSite(trx), await peopleOfCells(trx, cells)];
  return new House(known, people, today);
}

/** The block of a cell that may be null. */
export function blockOf(cell: string | null): string | null {
  return cell === null ? null : blockOfCell(cell);
}
