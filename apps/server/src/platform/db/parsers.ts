import { assert, type Instant } from '@sallyport/basics';
import pg from 'pg';

const INT8 = 20;
const TIMESTAMPTZ = 1184;
const DATE = 1082;
const INT8_ARRAY = 1016;
const TIMESTAMPTZ_ARRAY = 1185;
const DATE_ARRAY = 1182;
const TEXT_ARRAY = 1009;

/** A bigint as a number. Counters and sequences never reach 2^53; one that does is a bug and must not be rounded. */
export function parseBigint(text: string): number {
  const value = Number(text);
  assert(Number.isSafeInteger(value), `bigint outside the safe range: ${text}`);
  return value;
}

/** A timestamptz in ISO style and UTC ("2026-11-22 18:42:30.123456+00") as whole milliseconds; microseconds are cut off. */
export function parseTimestamp(text: string): Instant {
  const match = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?\+00$/.exec(text);
  assert(match, `timestamptz not in ISO style and UTC: ${text}`);
  return Date.parse(`${match[1]}T${match[2]}.${(match[3] ?? '').slice(0, 3).padEnd(3, '0')}Z`);
}

type Parse = (text: string) => unknown;

function arrayOf(parse: Parse): Parse {
  const parseTexts = pg.types.getTypeParser(TEXT_ARRAY as Parameters<typeof pg.types.getTypeParser>[0]) as (text: string) => (string | null)[];
  return (text) => parseTexts(text).map((member) => (member === null ? null : parse(member)));
}

const sameText: Parse = (text) => text;
const parsers = new Map<number, Parse>([
  [INT8, parseBigint],
  [TIMESTAMPTZ, parseTimestamp],
  [DATE, sameText],
  [INT8_ARRAY, arrayOf(parseBigint)],
  [TIMESTAMPTZ_ARRAY, arrayOf(parseTimestamp)],
  [DATE_ARRAY, arrayOf(sameText)],
]);

/** How values of the database become values of the program: bigint and timestamptz as numbers, dates and numerics as text. */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => parsers.get(oid) ?? pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};
