import { type Id, siteTime, stableJson } from '@sallyport/basics';
import { type BodyOf, blockOfCell, personImport, type ResultOf } from '@sallyport/contracts';
import { accessRefusal } from '@sallyport/domain';
import { accepted, commandKind, type CommandKind, type CommandScope, type Handled, type Incoming, oneByOne, refused } from '../../platform/commands/kind.js';
import type { PersonListener } from './commands.js';
import { type Person, peopleByNumbers } from './facts.js';
import { type House, lockHouse } from './house.js';
import { type Admission, type ImportRow, readImport, type ReportRow } from './import-rows.js';
import { insertPeople, type NewPerson } from './store.js';

type Import = typeof personImport;

function newPerson(id: Id, { number, name, cell, bed, admittedOn, ...facts }: Admission): NewPerson {
  return { id, number, name, cell, bed, admittedOn, facts };
}

/** The row as comparable text; the order of flags means nothing. */
function fingerprint({ number, name, cell, bed, admittedOn, facts }: Pick<Person, 'number' | 'name' | 'cell' | 'bed' | 'admittedOn' | 'facts'>): string {
  return stableJson({ number, name, cell, bed, admittedOn, facts: { ...facts, flags: [...facts.flags].sort() } });
}

function isSame(known: Person, row: Admission): boolean {
  return known.state === 'held' && fingerprint(known) === fingerprint(newPerson(known.id, row));
}

interface Sorting {
  readonly house: House;
  readonly known: ReadonlyMap<string, Person>;
  readonly seen: Set<string>;
  readonly people: NewPerson[];
  readonly mayAdmit: (cell: string) => boolean;
}

/** What becomes of one row, given those before it in the file. */
function judgeRow(row: ImportRow, sorting: Sorting, newId: () => Id): ReportRow {
  const { line, number } = row;
  const refusedRow = (field: string, rule: string): ReportRow => ({ line, number, outcome: 'refused', field, rule });
  if ('rule' in row) return refusedRow(row.field, row.rule);
  const { admission } = row;
  if (sorting.seen.has(admission.number)) return refusedRow('number', 'twice-in-file');
  sorting.seen.add(admission.number);
  const known = sorting.known.get(admission.number);
  if (known) return isSame(known, admission) ? { line, number, outcome: 'unchanged', field: null, rule: null } : refusedRow('number', 'number-taken');
  if (!sorting.mayAdmit(admission.cell)) return refusedRow('cell', 'out-of-scope');
  const person = newPerson(newId(), admission);
  const problem = sorting.house.problem(person);
  if (problem) return refusedRow(problem.field, problem.rule);
  sorting.house.put(person);
  sorting.people.push(person);
  return { line, number, outcome: 'accepted', field: null, rule: null };
}

async function importPeople(scope: CommandScope, { body, actor }: Incoming<BodyOf<Import>>, changed: PersonListener): Promise<Handled<ResultOf<Import>>> {
  const rows = readImport(body.csv);
  if (!Array.isArray(rows)) return refused('BODY_INVALID', rows.message, { field: rows.field, rule: rows.rule });
  const today = siteTime(scope.now, scope.policy.site.timeZone).date;
  const sorting: Sorting = {
    house: await lockHouse(scope.trx, 'all', today),
    known: await peopleByNumbers(
      scope.trx,
      rows.flatMap((row) => ('admission' in row ? [row.admission.number] : [])),
    ),
    seen: new Set(),
    people: [],
    mayAdmit: (cell) => actor.kind === 'officer' && accessRefusal(actor.posts, 'person.admit', blockOfCell(cell)) === null,
  };
  const report = rows.map((row) => judgeRow(row, sorting, () => scope.newId()));
  await insertPeople(scope, sorting.people, actor.id, 'import');
  await changed(
    scope,
    sorting.people.map(({ id, cell }) => ({ person: id, what: 'admitted' as const, cell, to: cell })),
  );
  for (const cell of new Set(sorting.people.map((person) => person.cell))) scope.hint({ topic: 'person', cell });
  const count = (outcome: ReportRow['outcome']) => report.filter((row) => row.outcome === outcome).length;
  return accepted({ accepted: count('accepted'), refused: count('refused'), unchanged: count('unchanged'), rows: report });
}

/** Admits people from a CSV file. Each row stands alone: what is right is taken, what is not is named with its line, field and rule. */
export function importCommand(changed: PersonListener): CommandKind {
  return commandKind<Import>({
    contract: personImport,
    access: { by: 'officer', permission: 'person.admit' },
    audit: ({ body }, handled) => ({
      subjectKind: 'import',
      subjectId: body.fileName.slice(0, 100),
      detail: handled.outcome === 'accepted' ? { accepted: handled.result.accepted, refused: handled.result.refused, unchanged: handled.result.unchanged } : {},
    }),
    handle: oneByOne((scope, command) => importPeople(scope, command, changed)),
  });
}
