import { assert, newId } from '@sallyport/basics';
import { type CommandOutcome, defineCommand } from '@sallyport/contracts';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../db/testing.js';
import type { Settled } from './arrival.js';
import { accepted, commandKind, oneByOne, refused } from './kind.js';
import {
  insertTestDevice,
  knownDevice,
  openCommand,
  sealContent,
  sealedEnvelope,
  signEnvelope,
  standingClock,
  systemRandom,
  testDevice,
  testDoor,
  testOfficer,
} from './testing.js';

const noteBody = z.strictObject({ text: z.string().max(50), poison: z.boolean().optional() });
const deviceNote = defineCommand({ kind: 'test.note', summary: 'Writes a note', maker: 'device', body: noteBody, result: z.object({ text: z.string() }) });
const officerNote = defineCommand({
  kind: 'person.note',
  summary: 'Writes a note',
  maker: 'officer',
  body: z.strictObject({ text: z.string(), cell: z.string().optional() }),
});
const secretNote = defineCommand({
  kind: 'test.secret',
  summary: 'Answers with a secret',
  maker: 'officer',
  body: z.strictObject({}),
  result: z.object({ code: z.string() }),
});
const call = defineCommand({ kind: 'alert.call', summary: 'Calls', maker: 'device', body: z.strictObject({}) });

let database: TestDatabase;
let failures = 0;
let slowness = 0;

const kinds = [
  commandKind<typeof deviceNote>({
    contract: deviceNote,
    access: { by: 'device' },
    audit: () => ({ subjectKind: 'note', subjectId: null }),
    async handle({ trx, hint }, commands) {
      if (slowness > 0) await sql`select pg_sleep(${slowness})`.execute(trx);
      if (failures > 0) {
        failures -= 1;
        throw new Error('a passing fault');
      }
      if (commands.some(({ body }) => body.poison)) throw new Error('poisoned');
      await sql`insert into test_note (id, text, place) select * from unnest(${commands.map(({ id }) => id)}::uuid[], ${commands.map(({ body }) => body.text)}::text[],
        ${commands.map(({ actor }) => (actor.kind === 'device' ? actor.place : ''))}::text[])`.execute(trx);
      hint({ topic: 'duty', cell: '0101' });
      return commands.map(({ body }) => (body.text === 'refuse me' ? refused('NO_DUTY_NOW', 'not now') : accepted({ text: body.text })));
    },
  }),
  commandKind<typeof officerNote>({
    contract: officerNote,
    access: { by: 'officer', permission: 'person.edit', cellOf: (body) => body.cell ?? null },
    audit: ({ body }) => ({ subjectKind: 'note', subjectId: null, cell: body.cell ?? null }),
    handle: oneByOne(async () => accepted({})),
  }),
  commandKind<typeof secretNote>({
    contract: secretNote,
    access: { by: 'officer', permission: 'device.manage' },
    audit: () => ({ subjectKind: 'note', subjectId: null }),
    secret: { stored: () => ({}), restored: (keys, id) => ({ code: keys.mac('code', id).toString('hex') }) },
    handle: oneByOne(async ({ keys }, { id }) => accepted({ code: keys.mac('code', id).toString('hex') })),
  }),
  commandKind<typeof call>({
    contract: call,
    access: { by: 'device', states: ['active', 'waiting', 'revoked', 'refused'] },
    audit: () => ({ subjectKind: 'alert', subjectId: null }),
    async handle({ trx }, commands) {
      await sql`insert into test_note (id, text, place) select id, 'call', '' from unnest(${commands.map(({ id }) => id)}::uuid[]) as c (id)`.execute(trx);
      return commands.map(() => accepted({}));
    },
  }),
];

const clock = standingClock();
const newUuid = () => newId(clock, systemRandom);

beforeAll(async () => {
  database = await createTestDatabase({ maxConnections: 20 });
  await sql`create table test_note (n bigint generated always as identity, id uuid primary key, text text, place text)`.execute(database.db);
});
afterAll(() => database.drop());
beforeEach(() => {
  failures = 0;
  slowness = 0;
});

async function setting(place: string, more: Parameters<typeof testDoor>[3] = {}) {
  const device = testDevice(clock, place);
  await sql`update device set state = 'revoked' where place = ${place}`.execute(database.db);
  await insertTestDevice(database.db, device, clock.now());
  const made = testDoor(database.db, clock, kinds, more);
  const envelope = (body: Record<string, unknown>, act: Partial<Parameters<typeof sealedEnvelope>[3]> = {}) =>
    sealedEnvelope(device, made.keys.sealKey, clock, { kind: 'test.note', body, ...act });
  const send = async (...commands: unknown[]) => (await made.door.fromDevice(knownDevice(device), commands)).map(outcome);
  return { device, envelope, send, ...made };
}

function outcome(settled: Settled | undefined): CommandOutcome {
  assert(settled?.kind === 'outcome', 'an outcome');
  return settled.outcome;
}

const notes = async (id: string) =>
  Number((await sql<{ count: number }>`select count(*) from test_note where id = ${id}::uuid`.execute(database.db)).rows[0]?.count);
const audits = async (id: string) =>
  (await sql<{ outcome: string; reason: string | null }>`select outcome, reason from audit_record where detail->>'command' = ${id}`.execute(database.db)).rows;

test('a command sent many times at once takes effect once and always gets the same answer', async () => {
  const { envelope, send } = await setting('cell:0101');
  const command = await envelope({ text: 'once' });
  const answers = (await Promise.all(Array.from({ length: 20 }, () => send(command)))).flat();
  answers.push(...(await send(command, command)));
  expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
    new Set([JSON.stringify({ id: command.id, outcome: 'accepted', result: { text: 'once' } })]),
  );
  expect(await notes(command.id)).toBe(1);
  expect(await audits(command.id)).toEqual([{ outcome: 'accepted', reason: null }]);
});

test('two doors on one database give one effect and one answer', async () => {
  const first = await setting('cell:0102');
  const second = testDoor(database.db, clock, kinds, { keys: first.keys });
  const commands = await Promise.all(Array.from({ length: 10 }, (_, index) => first.envelope({ text: `n${index}` })));
  const [a, b] = await Promise.all([first.send(...commands), second.door.fromDevice(knownDevice(first.device), commands)]);
  expect(b?.map(outcome)).toEqual(a);
  for (const { id } of commands) expect(await notes(id)).toBe(1);
});

test('the same id with another body is refused and changes nothing, also within one batch', async () => {
  const { envelope, send } = await setting('cell:0103');
  const first = await envelope({ text: 'mine' });
  const other = await envelope({ text: 'other' }, { id: first.id });
  const [a, b] = await send(first, other);
  expect(a?.outcome).toBe('accepted');
  expect(b).toMatchObject({ outcome: 'refused', code: 'ID_REUSED' });
  expect((await send(other))[0]).toMatchObject({ code: 'ID_REUSED' });
  expect((await send(first))[0]?.outcome).toBe('accepted');
});

test('a refusal is the outcome for ever', async () => {
  const { envelope, send } = await setting('cell:0104');
  const command = await envelope({ text: 'refuse me' });
  const answers = [await send(command), await send(command)].flat();
  expect(answers).toEqual([answers[0], answers[0]]);
  expect(answers[0]).toMatchObject({ outcome: 'refused', code: 'NO_DUTY_NOW' });
  expect(await audits(command.id)).toEqual([{ outcome: 'refused', reason: 'NO_DUTY_NOW' }]);
});

test('one poisoned command among 49 good ones is parked alone, with its sealed payload', async () => {
  const parked: unknown[] = [];
  const { envelope, send } = await setting('cell:0105', { onParked: async (_scope, one) => void parked.push(one) });
  const commands = await Promise.all(Array.from({ length: 50 }, (_, index) => envelope({ text: `n${index}`, ...(index === 31 && { poison: true }) })));
  const answers = await send(...commands);
  expect(answers.filter((answer) => answer.outcome === 'accepted')).toHaveLength(49);
  expect(answers[31]).toEqual({ id: commands[31]?.id, outcome: 'parked' });
  const kept = await database.db
    .selectFrom('command_quarantine')
    .selectAll()
    .where('id', '=', commands[31]?.id ?? '')
    .executeTakeFirstOrThrow();
  expect(kept).toMatchObject({ envelope: commands[31], error: 'Error: poisoned' });
  expect(parked).toEqual([{ id: commands[31]?.id, kind: 'test.note', place: 'cell:0105', cell: '0105' }]);
  expect(await send(commands[31])).toEqual([answers[31]]);
  expect(await audits(commands[31]?.id ?? '')).toEqual([{ outcome: 'parked', reason: null }]);
});

test('a fault that passes parks nothing', async () => {
  const { envelope, send } = await setting('cell:0106');
  failures = 2;
  expect((await send(await envelope({ text: 'at last' })))[0]?.outcome).toBe('accepted');
});

test('an answer lost with its connection: the command sent again gets the outcome that was committed', async () => {
  const { envelope, send, door, device } = await setting('cell:0107');
  const command = await envelope({ text: 'cut' });
  slowness = 0.3;
  const cut = door.fromDevice(knownDevice(device), [command]);
  const broken = expect(cut).rejects.toMatchObject({ name: 'BusyError', reason: 'unavailable' });
  await expect
    .poll(
      async () =>
        (
          await sql<{
            pid: number;
          }>`select pid from pg_stat_activity where query like 'select pg_sleep%' and state = 'active' and datname = current_database() and pid <> pg_backend_pid()`.execute(
            database.db,
          )
        ).rows.length,
    )
    .toBe(1);
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where query like 'select pg_sleep%' and pid <> pg_backend_pid() and datname = current_database()`.execute(
    database.db,
  );
  await broken;
  slowness = 0;
  expect(await notes(command.id)).toBe(0);
  expect((await send(command))[0]?.outcome).toBe('accepted');
  expect(await notes(command.id)).toBe(1);
});

test('commands of one cell are done in the order they came', async () => {
  const { envelope, send } = await setting('cell:0108');
  const commands = await Promise.all(Array.from({ length: 40 }, (_, index) => envelope({ text: String(index) })));
  await Promise.all([send(...commands.slice(0, 10)), send(...commands.slice(10, 25)), ...commands.slice(25).map((command) => send(command))]);
  const { rows } = await sql<{ text: string }>`select text from test_note where place = 'cell:0108' order by n`.execute(database.db);
  expect(rows.map((row) => Number(row.text))).toEqual(commands.map((_, index) => index));
});

test('gaps of a device are named, filled and forgotten never', async () => {
  const { envelope, send, device } = await setting('cell:0109');
  await send(await envelope({ text: 'a' }, { seq: 1 }), await envelope({ text: 'b' }, { seq: 5 }));
  const gaps = () =>
    database.db.selectFrom('device_gap').select(['from_seq', 'to_seq', 'filled_at']).where('device', '=', device.id).orderBy('from_seq').execute();
  expect(await gaps()).toEqual([{ from_seq: 2, to_seq: 4, filled_at: null }]);
  await send(await envelope({ text: 'c' }, { seq: 3 }));
  expect(await gaps()).toMatchObject([{ filled_at: null }]);
  await send(await envelope({ text: 'd' }, { seq: 2 }), await envelope({ text: 'e' }, { seq: 4 }), await envelope({ text: 'f' }, { seq: 6 }));
  expect(await gaps()).toEqual([{ from_seq: 2, to_seq: 4, filled_at: clock.now() }]);
  const progress = await database.db.selectFrom('device_sequence').select(['high', 'missing']).where('device', '=', device.id).executeTakeFirstOrThrow();
  expect(progress).toEqual({ high: 6, missing: [] });
});

test('a broken signature or seal is refused; a broken signature does not take the id', async () => {
  const { envelope, send, keys, device } = await setting('cell:0110');
  const good = await envelope({ text: 'good' });
  expect((await send({ ...good, seq: good.seq + 1 }))[0]).toMatchObject({ id: good.id, code: 'SIGNATURE_BROKEN' });
  expect((await send(good))[0]?.outcome).toBe('accepted');
  const moved = await envelope({ text: 'x' });
  const foreign = signEnvelope(device, { ...moved, sealed: await sealContent({ body: { text: 'x' } }, keys.sealKey, good.id) });
  expect((await send(foreign))[0]).toMatchObject({ code: 'SEAL_BROKEN' });
  const parts = (await envelope({ text: 'y' })).sealed.split('.');
  const flipped = await envelope({ text: 'y' });
  const ciphertext = flipped.sealed.split('.').map((part, index) => (index === 3 ? `${part.startsWith('A') ? 'B' : 'A'}${part.slice(1)}` : part));
  expect(parts).toHaveLength(5);
  expect((await send(signEnvelope(device, { ...flipped, sealed: ciphertext.join('.') })))[0]).toMatchObject({ code: 'SEAL_BROKEN' });
});

test('sealed to a key that is not here: parked, not lost', async () => {
  const { envelope, send, keys, device } = await setting('cell:0111');
  const command = await envelope({ text: 'z' });
  const sealed = await sealContent({ body: { text: 'z' } }, { ...keys.sealKey, kid: 'older' }, command.id);
  expect((await send(signEnvelope(device, { ...command, sealed })))[0]).toEqual({ id: command.id, outcome: 'parked' });
});

test('each command of a batch is answered by itself: bad envelope, unknown kind, wrong version, wrong body', async () => {
  const { envelope, send } = await setting('cell:0112');
  const answers = await send(
    { id: 'nonsense', kind: 7 },
    await envelope({ text: 'a' }, { kind: 'test.unknown' }),
    await envelope({ text: 'a' }, { version: 2 }),
    await envelope({ text: 'a'.repeat(51) }),
    await envelope({ text: 'nul \u0000' }),
    await envelope({ text: 'fine' }),
    null,
  );
  expect(answers.map(({ code, outcome }) => code ?? outcome)).toEqual([
    'ENVELOPE_INVALID',
    'KIND_UNKNOWN',
    'VERSION_UNSUPPORTED',
    'BODY_INVALID',
    'BODY_INVALID',
    'accepted',
    'ENVELOPE_INVALID',
  ]);
  expect(answers[3]?.message).toContain('text');
});

test('a revoked device is turned away inside the transaction, whatever the request knew; its call for help is taken', async () => {
  const { envelope, device, door } = await setting('cell:0113');
  await sql`update device set state = 'revoked' where id = ${device.id}::uuid`.execute(database.db);
  const [note, help] = [await envelope({ text: 'no more' }), await envelope({}, { kind: 'alert.call' })];
  const [first, second] = await door.fromDevice(knownDevice(device), [note, help]);
  expect(first).toEqual({ kind: 'unauthorised' });
  expect(outcome(second)).toEqual({ id: help.id, outcome: 'accepted', result: {} });
  expect(await audits(note.id)).toEqual([{ outcome: 'refused', reason: 'DEVICE_REVOKED' }]);
});

test('a call for help is taken with a broken signature and seal', async () => {
  const { envelope, send } = await setting('cell:0114');
  const help = await envelope({}, { kind: 'alert.call' });
  expect((await send({ ...help, seq: 9, sealed: 'x' }))[0]).toEqual({ id: help.id, outcome: 'accepted', result: {} });
});

test('a call that cannot be committed within a second reaches the consoles as not recorded', async () => {
  const { envelope, send, told } = await setting('cell:0115');
  const help = await envelope({}, { kind: 'alert.call' });
  let lock: () => void = () => undefined;
  const locked = new Promise<void>((resolve) => {
    lock = resolve;
  });
  const blocker = database.db.transaction().execute(async (trx) => {
    await sql`lock table test_note in exclusive mode`.execute(trx);
    lock();
    await expect.poll(() => told.unrecorded, { timeout: 3_000 }).toMatchObject([{ id: help.id, place: 'cell:0115', cell: '0115' }]);
  });
  await locked;
  const answer = send(help);
  await blocker;
  expect((await answer)[0]?.outcome).toBe('accepted');
});

test('too much waiting is answered at once and changes nothing; calls are taken', async () => {
  const { envelope, send, door, device } = await setting('cell:0116', { queueLimit: 3 });
  const commands = await Promise.all([1, 2, 3, 4].map((n) => envelope({ text: String(n) })));
  await expect(door.fromDevice(knownDevice(device), commands)).rejects.toMatchObject({ reason: 'overloaded' });
  expect(await notes(commands[0]?.id ?? '')).toBe(0);
  expect((await send(await envelope({}, { kind: 'alert.call' })))[0]?.outcome).toBe('accepted');
});

test('officers: posts, blocks and step-up are enforced and every refusal is audited', async () => {
  const { door } = testDoor(database.db, clock, kinds);
  const send = async (officer: ReturnType<typeof testOfficer>, command: unknown) => outcome((await door.fromOfficer(officer, [command]))[0]);
  const block1 = testOfficer(clock, [{ role: 'cell-officer', blocks: ['01'] }]);
  expect((await send(block1, openCommand(clock, 'person.note', { text: 'x', cell: '0101' }))).outcome).toBe('accepted');
  const outside = openCommand(clock, 'person.note', { text: 'x', cell: '0201' });
  expect(await send(block1, outside)).toMatchObject({ code: 'OUT_OF_SCOPE' });
  expect(await audits(outside.id)).toEqual([{ outcome: 'refused', reason: 'OUT_OF_SCOPE' }]);
  expect(await send(testOfficer(clock, [{ role: 'finance', blocks: 'all' }]), openCommand(clock, 'person.note', { text: 'x' }))).toMatchObject({
    code: 'NOT_ALLOWED',
  });
  const admin = testOfficer(clock, [{ role: 'system-admin', blocks: 'all' }], { steppedUpUntil: null });
  const sensitive = openCommand(clock, 'test.secret', {});
  expect(await send(admin, sensitive)).toMatchObject({ code: 'STEP_UP_NEEDED' });
  const done = await send({ ...admin, steppedUpUntil: clock.now() + 1 }, sensitive);
  expect(done.outcome).toBe('accepted');
  expect(await send({ ...admin, steppedUpUntil: clock.now() + 1 }, sensitive)).toEqual(done);
  const rest = await database.db.selectFrom('command').select('result').where('id', '=', sensitive.id).executeTakeFirstOrThrow();
  expect(rest.result).toEqual({});
  expect(await send({ ...admin, id: newUuid() }, sensitive)).toMatchObject({ code: 'ID_REUSED' });
});

test('hints go out after the commit and are found by a cursor', async () => {
  const { envelope, send, told } = await setting('cell:0117');
  await send(await envelope({ text: 'hint' }));
  expect(told.hints.map(({ hint }) => hint)).toEqual([{ topic: 'duty', cell: '0101' }]);
});
