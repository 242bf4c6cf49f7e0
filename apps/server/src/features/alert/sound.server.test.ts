import { must, SECOND } from '@sallyport/basics';
import { openAlerts } from '@sallyport/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OfficerActor } from '../../platform/commands/kind.js';
import { House } from '../duty/house.fixture.js';

let house: House;
let wang: OfficerActor;
let li: OfficerActor;
let alert: string;
beforeEach(async () => {
  house = await House.create();
  const cell = must((await house.cells())[0], 'cell');
  await house.addTerminals([cell]);
  [wang, li] = [await house.officer('control-room'), await house.officer('control-room', 1)];
  const call = house.incoming('alert.call', house.deviceActor(cell), {});
  await house.send('alert.call', [call]);
  alert = call.id;
});
afterEach(() => house.world.drop());

const act = async (kind: string, officer: OfficerActor) => must((await house.send(kind, [house.incoming(kind, officer, { alert })]))[0], 'answer');
const shown = async (officer: OfficerActor) => {
  const { alerts } = await house.read(openAlerts, officer);
  const row = alerts.find(({ id }) => id === alert);
  return must(row, 'alert').soundPaused;
};

test('ALERT10: a ringing sound is paused for all consoles for the seconds of the policy, by name, and rings again by itself', async () => {
  const until = new Date(house.world.now + 60 * SECOND).toISOString();
  expect(await act('alert.pause-sound', wang)).toMatchObject({ outcome: 'accepted', result: { until } });
  expect(await shown(li)).toEqual({ by: wang.name, until });
  expect(await act('alert.pause-sound', li)).toMatchObject({ outcome: 'refused', code: 'ALREADY_DONE', details: { by: wang.name } });
  await house.moveTo(house.world.now + 60 * SECOND);
  expect(await shown(li)).toBeNull();
  expect(await act('alert.pause-sound', li)).toMatchObject({ outcome: 'accepted' });
});
test('ALERT10: what makes no sound any more cannot be paused', async () => {
  await act('alert.acknowledge', wang);
  expect(await act('alert.pause-sound', li)).toMatchObject({ outcome: 'refused', code: 'ALREADY_DONE' });
  expect(await shown(li)).toBeNull();
});
