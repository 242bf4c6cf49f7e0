import { expect, test } from './fixtures.js';
import { Finger, middleOf } from './finger.js';
import type { CellTerminal } from './pages/cell-terminal.js';

/** A glove, a tremor or a cheap panel moves a tap by so much (ux 2.2). */
const SMEARS = [
  { x: 20, y: 0 },
  { x: -40, y: 0 },
  { x: 0, y: 40 },
  { x: 0, y: -20 },
];
/** A place where nothing can be pressed. */
const PALM = { x: 700, y: 30 };

async function backHome(wall: CellTerminal, finger: Finger): Promise<void> {
  await finger.tap(await middleOf(wall.button(wall.say('common', 'nav.home'))));
  await expect(wall.button(wall.say('cell', 'home.roster'))).toBeVisible();
}

test('touch: a tap counts when it smears or a palm rests, and one that slides off does not', async ({ terminal }) => {
  const wall = await terminal('0103');
  const finger = await Finger.on(wall.page);
  const tile = wall.button(wall.say('cell', 'home.roster'));
  const roster = wall.page.getByRole('heading', { name: wall.say('cell', 'roster.title') });
  for (const by of SMEARS) {
    await finger.smear(await middleOf(tile), by);
    await expect(roster).toBeVisible();
    await backHome(wall, finger);
  }
  await finger.tapBesidePalm(await middleOf(tile), PALM);
  await expect(roster).toBeVisible();
  await backHome(wall, finger);

  const from = await middleOf(tile);
  await finger.smear(from, { x: 0, y: PALM.y - from.y });
  await expect(tile).toBeVisible();
  await expect(roster).toBeHidden();
});

test('touch: a double tap on the call bar is one call', async ({ terminal, clerk }) => {
  const wall = await terminal('0104');
  const finger = await Finger.on(wall.page);
  const bar = await middleOf(wall.callBar);
  await finger.tap(bar);
  await finger.tap(bar);
  await wall.expectText('emergency.calling');
  const desk = await clerk('control-room');
  const calls = async () =>
    (await desk.read<{ alerts: { cell: string; kind: string; count: number }[] }>('/api/alerts/open')).alerts.filter(
      ({ cell, kind }) => cell === '0104' && kind === 'emergency-call',
    );
  await expect.poll(calls).toMatchObject([{ count: 1 }]);
});
