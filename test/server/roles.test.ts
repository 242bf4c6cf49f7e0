import { randomFillSync } from 'node:crypto';
import { newId, type Random } from '@sallyport/basics';
import { defaultPolicy, type Role, role } from '@sallyport/contracts';
import { ROLE_PERMISSIONS, STEP_UP_PERMISSIONS } from '@sallyport/domain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp, type TestConsole } from '../support/app.js';

/* Every read and every command of the console against every post: what the access table says is what the server does. */

let world: TestApp;
const consoles = new Map<Role, TestConsole>();
const chance: Random = { bytes: (array) => randomFillSync(array) };
const someId = newId({ now: () => Date.UTC(2026, 10, 22) }, chance);

beforeAll(async () => {
  world = await createTestApp({ demo: true });
  for (const name of role.options) {
    const browser = world.console();
    const { json } = await browser.post('/api/demo/sign-in', { role: name });
    await browser.post('/api/access/link', { token: String(json['signInUrl']).split('#')[1] });
    consoles.set(name, browser);
  }
});
afterAll(() => world.drop());

function consoleOf(name: Role): TestConsole {
  const found = consoles.get(name);
  if (!found) throw new Error(`nobody is ${name}`);
  return found;
}

const person = { person: someId };
const reason = 'tried by a test';
const seenVersion = 1;
const slot = '2026-11-23T12:00';
const roster = { cell: '0101', week: '2026-11-23', seenVersion: 0 };
const facts = { sex: 'male', birthDate: '1990-05-06', sentenced: false, riskLevel: null, flags: [], coSuspectGroup: null };
const posts = [{ role: 'medical', blocks: 'all' }];

/** A body that the contract takes; it names things that are not there, so that nothing happens. */
const BODIES: Readonly<Record<string, Record<string, unknown>>> = {
  'access.create-officer': { name: '林燕', staffNo: 'FIRST', posts, reason },
  'access.set-posts': { officer: someId, posts, reason, seenVersion },
  'access.disable': { officer: someId, reason },
  'access.recover': { officer: someId, reason },
  'person.admit': { number: '20269999', name: '郑海波', cell: '9901', bed: 1, admittedOn: '2026-11-22', ...facts },
  'person.move': { ...person, cell: '0101', bed: 1, reason, seenVersion },
  'person.release': { ...person, reason, seenVersion },
  'person.amend': { ...person, facts: {}, reason, seenVersion },
  'person.take-out': { ...person, reason: 'clinic' },
  'person.take-back': person,
  'person.reset-pin': { ...person, reason },
  'person.allow-passkey': person,
  'person.import': { fileName: 'x.csv', csv: 'a,b' },
  'policy.change': { document: defaultPolicy, effectiveFrom: '2026-11-30T00:00:00.000Z', reason, basedOn: 0 },
  'device.create-enrolment': { place: 'cell:0101' },
  'device.move': { device: someId, place: 'cell:0101', reason },
  'device.revoke': { device: someId, reason },
  'reader.register': { place: 'cell:9901', name: 'Reader', reader: 'face', publicKey: { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) } },
  'reader.rename': { reader: 'A'.repeat(43), name: 'Reader', seenVersion },
  'reader.revoke': { reader: 'A'.repeat(43), reason },
  'duty.save-roster': { ...roster, slots: [] },
  'duty.propose-roster': { ...roster, seenVersion: 99 },
  'duty.copy-roster': { ...roster, seenVersion: 99 },
  'duty.submit-roster': { rosterId: someId, seenVersion },
  'duty.substitute': { cell: '0101', slot, absent: someId, substitute: someId, reason },
  'duty.observe': { cell: '0101', slot, kind: 'SLEEPING', note: reason },
  'roll-call.start': { cells: ['0101'], reason },
  'roll-call.confirm': { rollCall: someId, cell: '0101', seen: [] },
  'alert.acknowledge': { alert: someId },
  'alert.pause-sound': { alert: someId },
  'alert.arrive': { alert: someId },
  'alert.end': { alert: someId, measure: reason, result: reason },
  'work.claim': { item: someId },
  'work.release': { item: someId },
  'work.decide': { item: someId, seenVersion, verdict: 'approve' },
  'work.undo': { item: someId, seenVersion },
  'work.save-filter': { name: 'mine', kind: null, words: '0101' },
  'work.drop-filter': { name: 'mine' },
};

function pathOf(path: string): string {
  return path.replace(':id', someId).replace(':cell', '0101').replace(':week', '2026-11-23').replace(':date', '2026-11-22');
}

describe.each(role.options)('%s', (name) => {
  test('ACC1: reads what the table gives and nothing else', async () => {
    const wrong: string[] = [];
    for (const query of world.app.features.flatMap(({ queries }) => queries)) {
      if (query.by !== 'officer') continue;
      const allowed = query.permission === 'session' || [query.permission].flat().some((one) => ROLE_PERMISSIONS[name].includes(one));
      const { status } = await consoleOf(name).get(pathOf(query.contract.path));
      const refused = status === 401 || status === 403 || status === 423;
      if (refused === allowed) wrong.push(`${query.contract.path} answered ${status}`);
    }
    expect(wrong).toEqual([]);
  });

  test('ACC1: sends what the table gives and nothing else', async () => {
    const wrong: string[] = [];
    for (const { contract, access } of world.app.features.flatMap(({ commands }) => commands)) {
      if (access.by !== 'officer') continue;
      const allowed = ROLE_PERMISSIONS[name].includes(access.permission);
      const outcome = await consoleOf(name).command(contract.kind, BODIES[contract.kind] ?? {});
      const refused = outcome.code === 'NOT_ALLOWED' || outcome.code === 'OUT_OF_SCOPE';
      if (refused === allowed || outcome.code === 'BODY_INVALID') {
        // An import of a file without columns is refused for its content, after access was given.
        if (!(allowed && contract.kind === 'person.import')) wrong.push(`${contract.kind}: ${outcome.outcome} ${outcome.code ?? ''}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('no officer sends what only a device may', async () => {
    for (const { contract, access } of world.app.features.flatMap(({ commands }) => commands)) {
      if (access.by !== 'device') continue;
      const envelope = {
        id: newId({ now: () => world.now() }, chance),
        kind: contract.kind,
        version: contract.version,
        madeAt: new Date(world.now()).toISOString(),
        body: {},
      };
      const { json } = await consoleOf(name).post('/api/commands', { commands: [envelope] });
      expect(json).toMatchObject({ outcomes: [{ outcome: 'refused' }] });
      expect((await consoleOf(name).post(`/api/commands/${contract.kind}`, envelope)).status).toBe(404);
    }
  });
});

test('without a session nothing is read and nothing is taken', async () => {
  const nobody = world.console();
  for (const query of world.app.features.flatMap(({ queries }) => queries)) {
    if (query.by === 'officer') expect((await nobody.get(pathOf(query.contract.path))).status).toBe(401);
  }
  await expect(nobody.command('work.claim', { item: someId })).rejects.toThrow('401');
});

test('acts that the table calls sensitive ask for a fresh proof, in every slice', () => {
  const weaker = world.app.features
    .flatMap(({ commands }) => commands)
    .filter(({ access }) => access.by === 'officer' && access.stepUp === false && STEP_UP_PERMISSIONS.has(access.permission))
    .map(({ contract }) => contract.kind);
  expect(weaker).toEqual([]);
});
