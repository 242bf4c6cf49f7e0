import type { z } from 'zod';
import { Problem } from '../http/problem.js';

const SEPARATOR = '~';

/** The cursor of the row that a page ends with: what the list is ordered by, in its order. */
export function positionText(parts: readonly (string | number)[]): string {
  return parts.join(SEPARATOR);
}

type Parts<Shapes extends readonly z.ZodType[]> = { [Index in keyof Shapes]: z.output<Shapes[Index]> };

/**
 * What `positionText` joined, each part checked before it meets the database; null without a cursor: the first page.
 * @throws Problem 400 for a cursor that no list of this shape gave out.
 */
export function readPosition<const Shapes extends readonly z.ZodType[]>(cursor: string | undefined, shapes: Shapes): Parts<Shapes> | null {
  if (cursor === undefined) return null;
  const parts = cursor.split(SEPARATOR);
  const read = shapes.map((shape, index) => shape.safeParse(parts[index]));
  if (parts.length !== shapes.length || read.some(({ success }) => !success)) {
    throw new Problem(400, 'CURSOR_UNKNOWN', 'cursor: must be the nextCursor of the page before. Begin again without a cursor.');
  }
  return read.map(({ data }) => data) as Parts<Shapes>;
}
