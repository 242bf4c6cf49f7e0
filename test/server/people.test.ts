import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { MINUTE } from '@sallyport/basics';
import { demoFile, role } from '@sallyport/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { announceStart } from '../../apps/server/src/features/demo/index.js';
import { peopleOfCells } from '../../apps/server/src/features/person/index.js';
import { createTestApp, type TestApp, type TestConsole } from '../support/app.js';

let world: TestApp;
let reception: TestConsole;
let leader: TestConsole;
beforeEach(async () => {
  world = await createTestApp({ demo: true });
  [reception, leader] = [await signIn('reception'), await signIn('leadership')];
});
afterEach(() => world.drop());

async function signIn(role: string): Promise<TestConsole> {
  const browser = world.console();
  const { json } = await browser.post('/api/demo/sign-in', { role });
  await browser.post('/api/access/link', { token: String(json['signInUrl']).split('#')[1] });
  return browser;
}

let admin: TestConsole | undefined;
const systemAdmin = async () => (admin ??= await signIn('system-admin'));

const facts = { sex: 'male', birthDate: '1990-05-06', sentenced: false, riskLevel: null, flags: [], coSuspectGroup: null };
interface CellRow {
  cell: string;
  sex: string;
  freeBeds: number[];
}
async function cells(): Promise<CellRow[]> {
  return (await reception.get('/api/cells')).json['cells'] as CellRow[];
}
async function freeBed(cell: string): Promise<number> {
  return (await cells()).find((row) => row.cell === cell)?.freeBeds[0] ?? 0;
}
async function admit(change: Record<string, unknown> = {}, id?: string) {
  const body = { number: '20269001', name: '郑海波', cell: '0101', bed: await freeBed('0101'), admittedOn: '2026-11-22', ...facts, ...change };
  return reception.command('person.admit', body, id);
}
const anyone = async (cell: string) => {
  const [person] = await peopleOfCells(world.db, [cell]);
  if (!person) throw new Error('the cell is empty');
  return person;
};

describe('admission, move, release', () => {
  test('a person is admitted once per number, gets a PIN that a repeat tells again, and is found', async () => {
    const id = '019bfb00-0000-7000-8000-00000000000a';
    const bed = await freeBed('0101');
    const first = await admit({ bed }, id);
    expect(first).toMatchObject({ outcome: 'accepted', result: { pin: expect.stringMatching(/^\d{6}$/) } });
    expect(await admit({ bed }, id)).toEqual(first);
    expect(await admit()).toMatchObject({ code: 'NUMBER_TAKEN' });
    const { json } = await leader.get('/api/people?text=20269001');
    expect(json).toMatchObject({ total: 1, rows: [{ number: '20269001', maskedName: '郑*波', cell: '0101', bed }] });
    const stored = await world.db.selectFrom('command').select('result').where('id', '=', id).executeTakeFirst();
    expect(JSON.stringify(stored)).not.toContain((first.result as { pin: string }).pin);
  });

  test.each([
    ['a woman in a men’s cell', { sex: 'female' }],
    ['a minor among adults', { birthDate: '2010-01-01' }],
    ['somebody sentenced among the unsentenced', { sentenced: true }],
  ])('HARD: %s is not placed', async (_who, change) => {
    expect(await admit(change)).toMatchObject({ outcome: 'refused', code: 'SEPARATION_RULE' });
  });

  test('HARD: co-suspects are not placed together, nor moved together', async () => {
    const mate = await anyone('0101');
    await world.db.updateTable('person').set({ co_suspect_group: 'case-1' }).where('id', '=', mate.id).execute();
    expect(await admit({ coSuspectGroup: 'case-1' })).toMatchObject({ code: 'SEPARATION_RULE' });
    const admitted = await admit({ coSuspectGroup: 'case-1', cell: '0102', bed: await freeBed('0102') });
    const { person } = admitted.result as { person: string };
    const move = { person, cell: '0101', bed: await freeBed('0101'), reason: 'place needed', seenVersion: 1 };
    expect(await leader.command('person.move', move)).toMatchObject({ code: 'SEPARATION_RULE' });
  });

  test('a taken bed, an unknown cell and a bed beyond the cell are refused', async () => {
    const { bed } = await anyone('0101');
    expect(await admit({ bed })).toMatchObject({ code: 'BED_TAKEN' });
    expect(await admit({ cell: '9901', bed: 1 })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await admit({ bed: 30 })).toMatchObject({ code: 'BED_TAKEN' });
  });

  test('a move and a release keep the history; an old view of the person is refused', async () => {
    const { person } = (await admit()).result as { person: string };
    const bed = await freeBed('0102');
    world.advance(MINUTE);
    expect(await leader.command('person.move', { person, cell: '0102', bed, reason: 'cell is full', seenVersion: 1 })).toMatchObject({ outcome: 'accepted' });
    world.advance(MINUTE);
    expect(await reception.command('person.release', { person, reason: 'bail', seenVersion: 1 })).toMatchObject({ code: 'STALE_VERSION' });
    expect(await reception.command('person.release', { person, reason: 'bail', seenVersion: 2 })).toMatchObject({ outcome: 'accepted' });
    const { json } = await leader.get(`/api/people/${person}`);
    expect(json).toMatchObject({ state: 'released', cell: null, moves: [{ cell: null, reason: 'bail' }, { cell: '0102', bed }, { cell: '0101' }] });
    expect(await freeBed('0102')).toBe(bed);
  });

  test('new facts are taken down even where they mean that the person has to move', async () => {
    const person = await anyone('0101');
    const amend = { person: person.id, facts: { sentenced: true }, reason: 'judgement', seenVersion: 1 };
    expect(await leader.command('person.amend', amend)).toMatchObject({ outcome: 'accepted', result: { separation: ['SENTENCE_SEPARATION'] } });
  });

  test('out of the cell and back, once each', async () => {
    const person = await anyone('0101');
    const out = { person: person.id, reason: 'clinic' };
    expect(await reception.command('person.take-out', out)).toMatchObject({ outcome: 'accepted' });
    expect(await reception.command('person.take-out', out)).toMatchObject({ code: 'ALREADY_DONE' });
    expect((await leader.get(`/api/people/${person.id}`)).json).toMatchObject({ out: { reason: 'clinic' } });
    expect(await reception.command('person.take-back', { person: person.id })).toMatchObject({ outcome: 'accepted' });
  });

  test('an officer of one block neither sees nor changes people of another', async () => {
    const other = await anyone('0201');
    const officers = (await (await signIn('security-admin')).get('/api/officers')).json['officers'] as {
      id: string;
      posts: { role: string; blocks: unknown }[];
    }[];
    const scoped = officers.find((officer) => officer.posts.some((post) => post.role === 'cell-officer' && post.blocks !== 'all'));
    expect(scoped?.posts[0]?.blocks).not.toEqual('all');
    await world.db
      .updateTable('officer')
      .set({ posts: JSON.stringify([{ role: 'cell-officer', blocks: ['01'] }]) })
      .where('posts', '@>', JSON.stringify([{ role: 'cell-officer', blocks: 'all' }]))
      .execute();
    const officer = await signIn('cell-officer');
    expect((await officer.get(`/api/people/${other.id}`)).status).toBe(404);
    expect((await officer.get('/api/people?cell=0201')).json).toMatchObject({ total: 0 });
    expect(await officer.command('person.take-out', { person: other.id, reason: 'clinic' })).toMatchObject({ code: 'OUT_OF_SCOPE' });
  });

  test('a look at one person is in the audit', async () => {
    const person = await anyone('0101');
    await leader.get(`/api/people/${person.id}`);
    const seen = await world.db.selectFrom('audit_record').select('action').where('subject_id', '=', person.id).where('outcome', '=', 'accepted').execute();
    expect(seen.length).toBe(1);
  });
});

describe('CSV import', () => {
  const header = 'number,name,sex,birthDate,cell,bed,admittedOn,sentenced,riskLevel,flags,coSuspectGroup';

  test('right rows are taken, wrong ones named, and the same file again changes nothing', async () => {
    const [first, second] = (await cells()).find((row) => row.cell === '0102')?.freeBeds ?? [];
    const { bed } = await anyone('0102');
    const csv = [
      header,
      `20269101,孙立,male,1985-03-04,0102,${first},2026-11-20,false,3,disabled,`,
      `20269102,周芳,female,1985-03-04,0102,${second},2026-11-20,false,,,`,
      `20269103,吴军,male,1985-03-04,0102,${bed},2026-11-20,false,,,`,
      `20269104,,male,1985-03-04,0102,${second},2026-11-20,false,,,`,
      `20269101,孙立,male,1985-03-04,0102,${second},2026-11-20,false,3,,`,
    ].join('\n');
    const { result } = await reception.command('person.import', { fileName: 'people.csv', csv });
    expect(result).toMatchObject({
      accepted: 1,
      refused: 4,
      rows: [
        { line: 2, outcome: 'accepted' },
        { line: 3, field: 'cell', rule: 'SEX_SEPARATION' },
        { line: 4, field: 'bed', rule: 'bed-taken' },
        { line: 5, field: 'name' },
        { line: 6, field: 'number', rule: 'twice-in-file' },
      ],
    });
    const again = await reception.command('person.import', { fileName: 'people.csv', csv });
    expect(again.result).toMatchObject({ accepted: 0, unchanged: 1, refused: 4 });
  });

  test('a file that is no list of people is refused with what is missing', async () => {
    expect(await reception.command('person.import', { fileName: 'x.csv', csv: 'a,b\n1,2' })).toMatchObject({ outcome: 'refused', code: 'BODY_INVALID' });
  });
});

describe('policy', () => {
  test('a change needs a reason, the newest version and a date to come, and then holds', async () => {
    const { json } = await leader.get('/api/policy');
    const { current, document } = json as { current: number; document: { pin: { triesPerSlot: number }; site: { name: string } } };
    const changed = { ...document, site: { ...document.site, name: '示范县第二看守所' } };
    const body = { document: changed, effectiveFrom: new Date(world.now() + 10 * MINUTE).toISOString(), reason: 'new name', basedOn: current };
    expect(await leader.command('policy.change', { ...body, basedOn: 0 })).toMatchObject({ code: 'POLICY_OUTDATED' });
    expect(await leader.command('policy.change', { ...body, effectiveFrom: new Date(world.now() - 10 * MINUTE).toISOString() })).toMatchObject({
      code: 'POLICY_DATE',
    });
    expect(await leader.command('policy.change', { ...body, document: { ...changed, pin: { ...document.pin, triesPerSlot: 9 } } })).toMatchObject({
      code: 'BODY_INVALID',
    });
    expect(await leader.command('policy.change', body)).toMatchObject({ outcome: 'accepted', result: { version: current + 1 } });
    expect((await leader.get('/api/policy')).json).toMatchObject({
      current,
      versions: [{ version: current + 1, changes: [{ path: 'site.name', to: '示范县第二看守所' }] }, {}],
    });
    world.advance(11 * MINUTE);
    const later = await signIn('leadership');
    expect((await later.get('/api/me')).json).toMatchObject({ siteName: '示范县第二看守所' });
  });
});

describe('demo mode', () => {
  test('a sign-in address works once; the clock moves ahead through the timers and never back', async () => {
    const browser = world.console();
    const { json } = await browser.post('/api/demo/sign-in', { role: 'medical' });
    const token = String(json['signInUrl']).split('#')[1];
    expect((await browser.post('/api/access/link', { token })).json).toMatchObject({ next: 'signed-in' });
    expect((await world.console().post('/api/access/link', { token })).status).toBe(403);
    const before = world.now();
    expect((await browser.post('/api/demo/clock', { advanceMs: 7 * MINUTE })).status).toBe(200);
    expect(world.now()).toBe(before + 7 * MINUTE);
    expect((await browser.get('/api/me')).json).toMatchObject({ locked: false });
    expect((await browser.post('/api/demo/clock', { to: new Date(before).toISOString() })).json).toMatchObject({ code: 'CLOCK_BACKWARDS' });
    const overdue = await world.db
      .selectFrom('job')
      .select('kind')
      .where('state', '=', 'waiting')
      .where('due_at', '<', new Date(world.now()) as never)
      .execute();
    expect(overdue).toEqual([]);
  });

  test('demo.json is for its owner only and names everybody with a PIN that works', async () => {
    const lines = await announceStart(world.app.services, () => Promise.resolve({ code: 'K7MT-3QXZ', url: 'http://cell.localhost:8080/enrol#K7MT-3QXZ' }));
    const file = path.join(world.dataDir, 'demo.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const content = demoFile.parse(JSON.parse(readFileSync(file, 'utf8')));
    expect(content.detainees.length).toBe(100);
    expect(content.officers.map((officer) => officer.role)).toEqual(role.options);
    expect(content.enrolments[0]).toMatchObject({ place: 'cell:0101', code: 'K7MT-3QXZ' });
    expect(lines.join('\n')).toContain(content.detainees[0]?.pin);
    const person = await anyone('0101');
    await world.db
      .updateTable('person_pin')
      .set({ hash: Buffer.alloc(32) })
      .where('person_id', '=', person.id)
      .execute();
    await announceStart(world.app.services, () => Promise.resolve({ code: 'K7MT-3QXZ', url: 'http://cell.localhost:8080/enrol#K7MT-3QXZ' }));
    expect(demoFile.parse(JSON.parse(readFileSync(file, 'utf8'))).detainees.length).toBe(99);
  });

  test('an enrolment code is given for a place', async () => {
    expect((await world.console().post('/api/demo/enrolments', { place: 'cell:0101' })).json).toMatchObject({
      code: expect.stringMatching(/^[2-9A-HJKMNP-Z]{4}-?[2-9A-HJKMNP-Z]{4}$/),
    });
  });
});

test('who binds terminals to places reads the cells without who is in them', async () => {
  const admin = await signIn('system-admin');
  const { status, json } = await admin.get('/api/cells');
  expect(status).toBe(200);
  const { withPeople, cells: seen } = json as unknown as { withPeople: boolean; cells: { cell: string; people: number; freeBeds: number[] }[] };
  expect(withPeople).toBe(false);
  expect(seen.map(({ cell }) => cell)).toEqual((await cells()).map(({ cell }) => cell));
  expect(new Set(seen.map(({ people, freeBeds }) => people + freeBeds.length))).toEqual(new Set([0]));
  expect((await leader.get('/api/cells')).json).toMatchObject({ withPeople: true });
  expect((await admin.get('/api/people')).status).toBe(403);
});

test('a cursor that no list gave out is refused with what to do, in every list', async () => {
  const audit = await signIn('audit-admin');
  const lists = world.app.features
    .flatMap(({ queries }) => queries)
    .filter((query) => query.by === 'officer' && 'cursor' in ((query.contract.search as { shape?: object }).shape ?? {}));
  const paths = lists.map(({ contract }) => contract.path);
  expect(paths).toEqual(expect.arrayContaining(['/api/people', '/api/audit/records', '/api/work-items', '/api/readers']));
  for (const { contract } of lists) {
    for (const bad of ['x', Buffer.from('["0101",1]').toString('base64url'), '~', '%00', 'A'.repeat(201)]) {
      const path = contract.path.replace(':cell', '0101').replace(':id', '019bfb00-0000-7000-8000-00000000000a');
      const officer = contract.path.startsWith('/api/audit') ? audit : contract.path === '/api/readers' ? await systemAdmin() : leader;
      const { status, json } = await officer.get(`${path}?cursor=${bad}`);
      expect([contract.path, bad, status]).toEqual([contract.path, bad, 400]);
      expect(String(json['message'])).toMatch(/cursor/);
    }
  }
});
