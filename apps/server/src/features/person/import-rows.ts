import { admission, IMPORT_ROWS_LIMIT, importColumns, type personImport, type ResultOf } from '@sallyport/contracts';
import Papa from 'papaparse';
import type { z } from 'zod';

type Column = (typeof importColumns)[number];
export type Admission = z.infer<typeof admission>;
export type ReportRow = ResultOf<typeof personImport>['rows'][number];

/** A line of the file: an admission, or the field and the rule that it breaks. `line` counts from 1, the header included. */
export type ImportRow =
  | { readonly line: number; readonly number: string | null; readonly admission: Admission }
  | { readonly line: number; readonly number: string | null; readonly field: string; readonly rule: string };

/** Why a file cannot be read at all. */
export interface UnreadableFile {
  readonly field: string;
  readonly rule: string;
  readonly message: string;
}

/** Headings as the centres' own lists have them. */
const CHINESE_HEADINGS: Readonly<Record<string, Column>> = {
  所内编号: 'number',
  编号: 'number',
  姓名: 'name',
  性别: 'sex',
  出生日期: 'birthDate',
  监室: 'cell',
  监室号: 'cell',
  床位: 'bed',
  入所日期: 'admittedOn',
  已决: 'sentenced',
  风险等级: 'riskLevel',
  标记: 'flags',
  同案: 'coSuspectGroup',
};
const REQUIRED: readonly Column[] = ['number', 'name', 'sex', 'birthDate', 'cell', 'bed', 'admittedOn', 'sentenced'];
const WORDS: Readonly<Record<string, unknown>> = {
  男: 'male',
  女: 'female',
  是: true,
  否: false,
  true: true,
  false: false,
  yes: true,
  no: false,
  '1': true,
  '0': false,
};
/** What a decoder writes where bytes were no text of the encoding it was told. */
const REPLACEMENT = '\ufffd';
const FLAG_SEPARATOR = /[;；、|]/;

function columnOf(heading: string): string {
  const name = heading.trim();
  return CHINESE_HEADINGS[name] ?? name;
}

function valueOf(column: Column, text: string): unknown {
  const value = text.trim();
  switch (column) {
    case 'sex':
      return WORDS[value] ?? value;
    case 'sentenced':
      return WORDS[value.toLowerCase()] ?? value;
    case 'bed':
      return /^\d+$/.test(value) ? Number(value) : value;
    case 'cell':
      return /^\d{3}$/.test(value) ? `0${value}` : value;
    case 'riskLevel':
      return value === '' ? null : Number(value);
    case 'flags':
      return value === '' ? [] : value.split(FLAG_SEPARATOR).map((flag) => flag.trim());
    case 'coSuspectGroup':
      return value === '' ? null : value;
    default:
      return value;
  }
}

function readRow(line: number, row: Readonly<Record<string, string | undefined>>): ImportRow {
  const number = row.number?.trim() || null;
  const broken = importColumns.find((column) => row[column]?.includes(REPLACEMENT));
  if (broken) return { line, number, field: broken, rule: 'encoding: save the file as UTF-8 or GB18030 and name that encoding' };
  const values = Object.fromEntries(importColumns.map((column) => [column, valueOf(column, row[column] ?? '')]));
  const parsed = admission.safeParse(values);
  if (parsed.success) return { line, number, admission: parsed.data };
  const [issue] = parsed.error.issues;
  const field = String(issue?.path[0] ?? '');
  return { line, number, field, rule: row[field]?.trim() ? (issue?.message ?? 'is not valid') : 'must not be empty' };
}

/** Reads a CSV file: header names of the contract or the usual Chinese ones, with or without a byte order mark, any usual delimiter. */
export function readImport(csv: string): ImportRow[] | UnreadableFile {
  const parsed = Papa.parse<Record<string, string | undefined>>(csv.replace(/^\ufeff/, ''), {
    header: true,
    skipEmptyLines: 'greedy',
    transformHeader: columnOf,
  });
  const fields = parsed.meta.fields ?? [];
  const missing = REQUIRED.filter((column) => !fields.includes(column));
  if (missing.length > 0) return { field: 'csv', rule: 'column-missing', message: `The first line lacks these columns: ${missing.join(', ')}.` };
  const unknown = fields.filter((name) => name !== '' && !(importColumns as readonly string[]).includes(name));
  if (unknown.length > 0)
    return { field: 'csv', rule: 'column-unknown', message: `These columns are not known: ${unknown.slice(0, 10).join(', ').slice(0, 200)}. Remove them.` };
  if (parsed.data.length > IMPORT_ROWS_LIMIT) return { field: 'csv', rule: 'too-many-rows', message: `At most ${IMPORT_ROWS_LIMIT} rows at once.` };
  const torn = parsed.errors.find((error) => error.type === 'Quotes');
  if (torn) return { field: 'csv', rule: 'quotes', message: `A quotation mark is not closed near line ${(torn.row ?? 0) + 2}.` };
  return parsed.data.map((row, index) => readRow(index + 2, row));
}
