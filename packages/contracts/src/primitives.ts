import { ID_PATTERN } from '@sallyport/basics';
import { z } from 'zod';

/** UUIDv7 in lower case, made by whoever makes the thing. */
export const id = z.string().regex(ID_PATTERN, 'must be a UUID version 7 in lower case').meta({ description: 'UUID version 7, lower case' });

/** A moment as ISO-8601 UTC text with milliseconds, e.g. 2026-11-22T14:00:00.000Z. */
export const instantText = z.iso.datetime({ precision: 3 }).meta({ description: 'ISO-8601 UTC with milliseconds' });

/** A calendar date of the site, YYYY-MM-DD, within what the database and every clock can count: nobody here was born before 1900. */
export const dateText = z.iso.date().refine((date) => date >= '1900-01-01' && date < '2200-01-01', 'must lie between 1900 and 2199');

/** Four digits: block 2 + room 2 (監室号 jsh). */
export const cellNo = z
  .string()
  .regex(/^\d{4}$/, 'must be four digits: block and room')
  .meta({ description: 'Cell number, block 2 + room 2 digits', example: '0101' });
export const blockNo = z
  .string()
  .regex(/^\d{2}$/, 'must be two digits')
  .meta({ description: 'Block number', example: '01' });
/** Bed of a cell; the identifier that a shared screen may show. Cells hold at most 40. */
export const bedNo = z.int().min(1).max(40);
/** 8 digits, year 4 + sequence 4 (所内编号 snbh). */
export const localNo = z
  .string()
  .regex(/^\d{8}$/, 'must be eight digits: year and sequence')
  .meta({ description: "The person's number in the centre", example: '20260012' });

/** Where a thing is: a cell, a kiosk or a board. Cells are `cell:0101`, the others `hall:kiosk-1`. */
export const place = z
  .string()
  .regex(/^(cell:\d{4}|hall:[a-z0-9-]{1,24})$/, 'must be cell:0101 or hall:kiosk-1')
  .meta({ description: 'Place of a device', example: 'cell:0101' });

/** Short text by a program about itself. Control characters, which the database or a screen cannot take, are no part of it. */
export function programText(longest: number) {
  return z
    .string()
    .max(longest)
    .regex(/^\P{Cc}*$/u, 'must not hold control characters');
}

/** Free words by a person. Long enough for a paragraph, short enough for one screen. */
export const remark = z.string().trim().max(500);
/** A reason that somebody has to give: never empty. */
export const reason = z.string().trim().min(2, 'give a reason of at least 2 characters').max(500);
export const personName = z.string().trim().min(1).max(60);

/** The cell number of a place, or null for a place outside the cells. */
export function cellOfPlace(value: string): string | null {
  return value.startsWith('cell:') ? value.slice(5) : null;
}

export function blockOfCell(cell: string): string {
  return cell.slice(0, 2);
}

/** Opaque position in a list; given back as received. */
export const cursor = z.string().max(200);
/** Most rows of one page: what one screen of the console shows without scrolling far, and one response stays small. */
export const PAGE_LIMIT = 200;
export const pageQuery = { cursor: cursor.optional(), limit: z.coerce.number().int().min(1).max(PAGE_LIMIT).optional() };
export function pageOf<Row extends z.ZodType>(row: Row) {
  return z.object({ rows: z.array(row), nextCursor: cursor.nullable() });
}
