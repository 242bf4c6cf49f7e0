import { type Id, MINUTE, siteTime } from '@sallyport/basics';
import {
  personAdmit,
  personAllowPasskey,
  personAmend,
  personMove,
  personRelease,
  personResetPin,
  personTakeBack,
  personTakeOut,
  type RefusalCode,
} from '@sallyport/contracts';
import { accessRefusal, type Permission } from '@sallyport/domain';
import { accepted, commandKind, type CommandKind, type CommandScope, type Handled, type Incoming, oneByOne, refused } from '../../platform/commands/kind.js';
import { type HeldPerson, peopleByIds } from './facts.js';
import { blockOf, type House, lockHouse } from './house.js';
import { newPasskeyUser, pinOf, sealPin } from './pin.js';
import { changeStay, endAbsence, factColumns, insertPeople, storePin } from './store.js';

/** What happened to people, for slices whose plans depend on it. `cell` is where the person was before, `to` where the person is now. */
export interface PersonChange {
  readonly person: Id;
  readonly what: 'admitted' | 'moved' | 'released' | 'amended' | 'taken-out' | 'taken-back';
  readonly cell: string;
  readonly to: string | null;
}
/** Runs in the transaction of the change. */
export type PersonListener = (scope: CommandScope, changes: readonly PersonChange[]) => Promise<void>;

/** Minutes in which an allowed passkey can be registered: the officer stands beside the terminal. */
const PASSKEY_MINUTES = 10;

const NOT_FOUND = refused('NOT_FOUND', 'There is no such person here.');
const STALE = (version: number) => refused('STALE_VERSION', 'Somebody changed this person meanwhile. Look again.', { version });

function today({ now, policy }: CommandScope): string {
  return siteTime(now, policy.site.timeZone).date;
}

/** The person of a command, locked, if the officer may act in the person's block; else why not. */
async function heldPerson(scope: CommandScope, { actor }: Incoming<unknown>, id: Id, permission: Permission): Promise<HeldPerson | Handled<never>> {
  const row = await scope.trx.selectFrom('person').select('state').where('id', '=', id).forUpdate().executeTakeFirst();
  const person = (await peopleByIds(scope.trx, [id])).get(id);
  if (row?.state !== 'held' || !person || person.cell === null || person.bed === null || actor.kind !== 'officer') return NOT_FOUND;
  const code: RefusalCode | null = accessRefusal(actor.posts, permission, blockOf(person.cell));
  return code ? refused(code, 'This person is not in one of your blocks.') : (person as HeldPerson);
}

/** The house around a person, its cells locked before the person's row, so that two moves never wait for each other. */
async function houseOf(scope: CommandScope, person: Id, ...cells: readonly string[]): Promise<House> {
  const found = await scope.trx.selectFrom('person').select('cell').where('id', '=', person).executeTakeFirst();
  return lockHouse(scope.trx, [...cells, ...(found?.cell ? [found.cell] : [])], today(scope));
}

function hintCells(scope: CommandScope, ...cells: readonly string[]): void {
  for (const cell of new Set(cells)) scope.hint({ topic: 'person', cell });
}

function admit(changed: PersonListener): CommandKind {
  return commandKind<typeof personAdmit>({
    contract: personAdmit,
    access: { by: 'officer', permission: 'person.admit', cellOf: (body) => body.cell },
    audit: ({ body }, handled) => ({
      subjectKind: 'person',
      subjectId: handled.outcome === 'accepted' ? handled.result.person : null,
      cell: body.cell,
      detail: { number: body.number, bed: body.bed },
    }),
    secret: {
      stored: ({ person }) => ({ person }),
      restored: (keys, commandId, stored) => ({ person: (stored as { person: Id }).person, pin: pinOf(keys, commandId) }),
    },
    handle: oneByOne(async (scope, { id: command, body, actor }) => {
      const { number, name, cell, bed, admittedOn, ...facts } = body;
      const house = await lockHouse(scope.trx, [cell], today(scope));
      const taken = await scope.trx.selectFrom('person').select('id').where('number', '=', number).executeTakeFirst();
      if (taken) return refused('NUMBER_TAKEN', 'Another person has this number.', { field: 'number' });
      const id = scope.newId();
      const problem = house.problem({ id, cell, bed, facts });
      if (problem) return refused(problem.code, problem.message, { field: problem.field, rule: problem.rule });
      await insertPeople(scope, [{ id, number, name, cell, bed, admittedOn, facts }], actor.id, 'admission');
      const pin = pinOf(scope.keys, command);
      await storePin(scope, id, sealPin(scope.keys.pin, scope.random, pin));
      await changed(scope, [{ person: id, what: 'admitted', cell, to: cell }]);
      hintCells(scope, cell);
      return accepted({ person: id, pin });
    }),
  });
}

function move(changed: PersonListener): CommandKind {
  return commandKind<typeof personMove>({
    contract: personMove,
    access: { by: 'officer', permission: 'person.edit', cellOf: (body) => body.cell },
    audit: ({ body }) => ({ subjectKind: 'person', subjectId: body.person, cell: body.cell, reason: body.reason, detail: { bed: body.bed } }),
    handle: oneByOne(async (scope, command) => {
      const { body, actor } = command;
      const house = await houseOf(scope, body.person, body.cell);
      const person = await heldPerson(scope, command, body.person, 'person.edit');
      if ('outcome' in person) return person;
      if (person.version !== body.seenVersion) return STALE(person.version);
      if (person.cell === body.cell && person.bed === body.bed) return refused('ALREADY_DONE', 'The person is in this bed already.');
      const problem = house.problem({ id: person.id, cell: body.cell, bed: body.bed, facts: person.facts });
      if (problem) return refused(problem.code, problem.message, { field: problem.field, rule: problem.rule });
      const version = person.version + 1;
      await scope.trx.updateTable('person').set({ cell: body.cell, bed: body.bed, version }).where('id', '=', person.id).execute();
      await changeStay(scope, person.id, actor.id, body.reason, { cell: body.cell, bed: body.bed });
      await changed(scope, [{ person: person.id, what: 'moved', cell: person.cell, to: body.cell }]);
      hintCells(scope, person.cell, body.cell);
      return accepted({ version });
    }),
  });
}

function release(changed: PersonListener): CommandKind {
  return commandKind<typeof personRelease>({
    contract: personRelease,
    access: { by: 'officer', permission: 'person.release' },
    audit: ({ body }) => ({ subjectKind: 'person', subjectId: body.person, reason: body.reason }),
    handle: oneByOne(async (scope, command) => {
      const { body, actor } = command;
      const person = await heldPerson(scope, command, body.person, 'person.release');
      if ('outcome' in person) return person;
      if (person.version !== body.seenVersion) return STALE(person.version);
      await scope.trx
        .updateTable('person')
        .set({ state: 'released', cell: null, bed: null, passkey_allowed_until: null, version: person.version + 1 })
        .where('id', '=', person.id)
        .execute();
      await changeStay(scope, person.id, actor.id, body.reason, null);
      await endAbsence(scope, person.id, actor.id);
      await changed(scope, [{ person: person.id, what: 'released', cell: person.cell, to: null }]);
      hintCells(scope, person.cell);
      return accepted({});
    }),
  });
}

function amend(changed: PersonListener): CommandKind {
  return commandKind<typeof personAmend>({
    contract: personAmend,
    access: { by: 'officer', permission: 'person.edit' },
    audit: ({ body }) => ({ subjectKind: 'person', subjectId: body.person, reason: body.reason, detail: { fields: Object.keys(body.facts) } }),
    handle: oneByOne(async (scope, command) => {
      const { body } = command;
      const house = await houseOf(scope, body.person);
      const person = await heldPerson(scope, command, body.person, 'person.edit');
      if ('outcome' in person) return person;
      if (person.version !== body.seenVersion) return STALE(person.version);
      const given = Object.fromEntries(Object.entries(body.facts).filter(([, value]) => value !== undefined));
      const facts = { ...person.facts, ...given };
      const separation = house.separations({ ...person, facts });
      // What becomes known about a person is true wherever the person sleeps; only the sex is a matter of the cell itself.
      if (facts.sex !== person.facts.sex)
        return refused('SEPARATION_RULE', 'Move the person to a cell of that sex by release and admission.', { rule: 'SEX_SEPARATION' });
      const version = person.version + 1;
      await scope.trx
        .updateTable('person')
        .set({ ...factColumns(facts), version })
        .where('id', '=', person.id)
        .execute();
      await changed(scope, [{ person: person.id, what: 'amended', cell: person.cell, to: person.cell }]);
      hintCells(scope, person.cell);
      return accepted({ version, separation });
    }),
  });
}

function takeOut(changed: PersonListener): CommandKind {
  return commandKind<typeof personTakeOut>({
    contract: personTakeOut,
    access: { by: 'officer', permission: 'person.take-out' },
    audit: ({ body }) => ({ subjectKind: 'person', subjectId: body.person, reason: body.reason }),
    handle: oneByOne(async (scope, command) => {
      const { body, actor } = command;
      const person = await heldPerson(scope, command, body.person, 'person.take-out');
      if ('outcome' in person) return person;
      if (person.out) return refused('ALREADY_DONE', 'The person is out of the cell already.', { reason: person.out.reason });
      await scope.trx
        .insertInto('person_absence')
        .values({ id: scope.newId(), person_id: person.id, reason: body.reason, since: new Date(scope.now), taken_by: actor.id })
        .execute();
      await changed(scope, [{ person: person.id, what: 'taken-out', cell: person.cell, to: null }]);
      hintCells(scope, person.cell);
      return accepted({});
    }),
  });
}

function takeBack(changed: PersonListener): CommandKind {
  return commandKind<typeof personTakeBack>({
    contract: personTakeBack,
    access: { by: 'officer', permission: 'person.take-out' },
    audit: ({ body }) => ({ subjectKind: 'person', subjectId: body.person }),
    handle: oneByOne(async (scope, command) => {
      const { body, actor } = command;
      const person = await heldPerson(scope, command, body.person, 'person.take-out');
      if ('outcome' in person) return person;
      if (!(await endAbsence(scope, person.id, actor.id))) return refused('ALREADY_DONE', 'The person is in the cell already.');
      await changed(scope, [{ person: person.id, what: 'taken-back', cell: person.cell, to: person.cell }]);
      hintCells(scope, person.cell);
      return accepted({});
    }),
  });
}

const resetPin = commandKind<typeof personResetPin>({
  contract: personResetPin,
  access: { by: 'officer', permission: 'person.credential' },
  audit: ({ body }) => ({ subjectKind: 'person', subjectId: body.person, reason: body.reason }),
  secret: { stored: () => ({}), restored: (keys, commandId) => ({ pin: pinOf(keys, commandId) }) },
  handle: oneByOne(async (scope, command) => {
    const person = await heldPerson(scope, command, command.body.person, 'person.credential');
    if ('outcome' in person) return person;
    const pin = pinOf(scope.keys, command.id);
    await storePin(scope, person.id, sealPin(scope.keys.pin, scope.random, pin));
    hintCells(scope, person.cell);
    return accepted({ pin });
  }),
});

const allowPasskey = commandKind<typeof personAllowPasskey>({
  contract: personAllowPasskey,
  access: { by: 'officer', permission: 'person.credential' },
  audit: ({ body }) => ({ subjectKind: 'person', subjectId: body.person }),
  handle: oneByOne(async (scope, command) => {
    const person = await heldPerson(scope, command, command.body.person, 'person.credential');
    if ('outcome' in person) return person;
    const until = scope.now + PASSKEY_MINUTES * MINUTE;
    // A user name of its own for each permission makes its challenge one that no earlier registration has answered.
    await scope.trx
      .updateTable('person')
      .set({ passkey_allowed_until: new Date(until), passkey_user: newPasskeyUser(scope.random) })
      .where('id', '=', person.id)
      .execute();
    hintCells(scope, person.cell);
    return accepted({ until: new Date(until).toISOString() });
  }),
});

/** Commands of officers about one person (PER rules of the domain spec). */
export function personCommands(changed: PersonListener): CommandKind[] {
  return [admit(changed), move(changed), release(changed), amend(changed), takeOut(changed), takeBack(changed), resetPin, allowPasskey];
}
