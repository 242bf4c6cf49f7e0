import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWorld, type World } from '../person/world.fixture.js';
import { clearAlert, raiseAlert } from './index.js';

let world: World;
beforeEach(async () => {
  world = await createWorld();
  await world.db.insertInto('cell').values({ number: '0101', capacity: 10, sex: 'male', transition: false }).execute();
});
afterEach(() => world.drop());

const stored = (id: string) => world.db.selectFrom('alert').select(['state', 'withdrawn_at', 'ended_by']).where('id', '=', id).executeTakeFirstOrThrow();
const events = async (id: string) =>
  (await world.db.selectFrom('alert_event').select(['what', 'note']).where('alert', '=', id).orderBy('seq').execute()).map(({ what, note }) => [what, note]);
const waiting = () => world.db.selectFrom('work_item').select('state').where('state', '<>', 'done').execute();

test('ALERT5: what the world has settled is taken back with its review and stays in the list; it is not ended by anybody', async () => {
  const { alert } = await world.transact((scope) => raiseAlert(scope, { kind: 'device-silent', level: 'medium', cell: '0101', cause: 'silence:1' }));
  expect(await waiting()).toHaveLength(1);
  await world.transact((scope) => clearAlert(scope, alert, 'back'));
  expect(await stored(alert)).toEqual({ state: 'withdrawn', withdrawn_at: world.now, ended_by: null });
  expect(await events(alert)).toEqual([
    ['raised', null],
    ['cleared', 'back'],
  ]);
  expect(await waiting()).toEqual([]);
  await world.transact((scope) => clearAlert(scope, alert, 'again'));
  expect(await events(alert)).toHaveLength(2);
  const next = await world.transact((scope) => raiseAlert(scope, { kind: 'device-silent', level: 'medium', cell: '0101', cause: 'silence:1' }));
  expect(next).toMatchObject({ joined: false, state: 'calling' });
});

test('ALERT2: a call for help is never taken back by the world', async () => {
  const { alert } = await world.transact((scope) => raiseAlert(scope, { kind: 'emergency-call', level: 'high', cell: '0101', cause: 'call:0101' }));
  await world.transact((scope) => clearAlert(scope, alert, 'settled'));
  expect(await stored(alert)).toMatchObject({ state: 'calling', withdrawn_at: null });
  expect(await waiting()).toHaveLength(1);
});
