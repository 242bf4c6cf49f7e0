import type { Pool } from 'pg';

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly defaulted: boolean;
  readonly generated: boolean;
}

/** How a PostgreSQL type reads in TypeScript. A type that is not here must be added with its parser, never guessed. */
const TYPES: Readonly<Record<string, string>> = {
  bool: 'boolean',
  bytea: 'Buffer',
  date: 'string',
  daterange: 'string',
  float8: 'number',
  int2: 'number',
  int4: 'number',
  int8: 'number',
  int4range: 'string',
  int8range: 'string',
  jsonb: 'JsonColumn',
  numeric: 'string',
  text: 'string',
  timestamptz: 'Timestamp',
  tstzrange: 'string',
  uuid: 'string',
  xid8: 'string',
};

const QUERY = `
  select c.relname as "table", a.attname as name, t.typname as type, not a.attnotnull as nullable,
         (a.atthasdef and a.attgenerated = '') or a.attidentity <> '' as defaulted,
         a.attgenerated <> '' or a.attidentity = 'a' as generated
  from pg_attribute a
  join pg_class c on c.oid = a.attrelid
  join pg_type t on t.oid = a.atttypid
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v') and not c.relispartition
    and a.attnum > 0 and not a.attisdropped
  order by c.relname, a.attnum`;

const HEADER = `// Made by \`npm run db:types\` from the migrated database. Change the migrations, not this file.
import type { Instant } from '@sallyport/basics';
import type { ColumnType } from 'kysely';

/** Read as an instant in milliseconds, written as a Date. In a condition use \`at(instant)\`. */
export type Timestamp = ColumnType<Instant, Date, Date>;
/** Read as parsed JSON that nobody has checked yet, written as JSON text. */
export type JsonColumn = ColumnType<unknown, string, string>;
/** Left out of an insert, the database fills it. */
export type Generated<Type> =
  Type extends ColumnType<infer Select, infer Insert, infer Update> ? ColumnType<Select, Insert | undefined, Update> : ColumnType<Type, Type | undefined, Type>;
/** The database always computes it. */
export type Computed<Type> = Type extends ColumnType<infer Select, unknown, unknown> ? ColumnType<Select, never, never> : ColumnType<Type, never, never>;
/** A column that may be null, for types that differ between reading and writing. */
export type Nullable<Type> =
  Type extends ColumnType<infer Select, infer Insert, infer Update> ? ColumnType<Select | null, Insert | null | undefined, Update | null> : Type | null;
`;

function baseType(column: Column): string {
  const element = column.type.startsWith('_') ? TYPES[column.type.slice(1)] : TYPES[column.type];
  if (!element)
    throw new Error(
      `${column.table}.${column.name} has the type ${column.type}, which the program does not know. Add it to schema-source.ts and its parser to parsers.ts.`,
    );
  if (!column.type.startsWith('_')) return element;
  return element === 'Timestamp' ? 'ColumnType<Instant[], Date[], Date[]>' : `${element}[]`;
}

function columnType(column: Column): string {
  const base = baseType(column);
  const differs = base === 'Timestamp' || base === 'JsonColumn' || base.startsWith('ColumnType');
  const whole = column.nullable ? (differs ? `Nullable<${base}>` : `${base} | null`) : base;
  if (column.generated) return `Computed<${whole}>`;
  return column.defaulted ? `Generated<${whole}>` : whole;
}

function pascal(name: string): string {
  return name.replaceAll(/(?:^|_)([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
}

function tableSource(table: string, columns: readonly Column[]): string {
  return `export interface ${pascal(table)}Table {\n${columns.map((column) => `  ${column.name}: ${columnType(column)};`).join('\n')}\n}\n`;
}

/** The TypeScript of every table and view of the database, for `schema.ts`. */
export async function schemaSource(pool: Pool): Promise<string> {
  const { rows } = await pool.query<Column>(QUERY);
  const tables = new Map<string, Column[]>();
  for (const row of rows) tables.set(row.table, [...(tables.get(row.table) ?? []), row]);
  const index = `/** Every table and view of the site's database. */\nexport interface Schema {\n${[...tables.keys()].map((table) => `  ${table}: ${pascal(table)}Table;`).join('\n')}\n}\n`;
  return [HEADER, ...[...tables].map(([table, columns]) => tableSource(table, columns)), index].join('\n');
}
