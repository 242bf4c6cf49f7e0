import { type cellList, importColumns, type peopleList, type personDetail, type ResponseOf } from '@sallyport/contracts';
import type { Clerk } from './clerk.js';
import { expect, test } from './fixtures.js';
import type { Console } from './pages/console.js';

type Cells = ResponseOf<typeof cellList>['cells'];
type People = ResponseOf<typeof peopleList>['rows'];

async function openPerson(desk: Console, number: string): Promise<void> {
  await desk.page.getByRole('searchbox', { name: desk.say('console', 'people.search') }).fill(number);
  await desk.page.getByRole('rowheader', { name: number }).click();
  await expect(desk.page.getByRole('dialog')).toContainText(number);
}

/** Cells hold either those who are sentenced or those who are not; the people of a cell tell which. */
async function isSentenced(reader: Clerk, cell: string): Promise<boolean> {
  const { rows } = await reader.read<{ rows: People }>(`/api/people?cell=${cell}&limit=1`);
  const { facts } = await reader.read<ResponseOf<typeof personDetail>>(`/api/people/${rows[0]?.id}`);
  return facts.sentenced;
}

test.describe('PEOPLE: who is in which cell', () => {
  test('a file is taken row by row; what is refused is told with its line, column and rule', async ({ officer, clerk, site }) => {
    const desk = await officer('reception');
    const { cells } = await (await clerk('reception')).read<{ cells: Cells }>('/api/cells');
    const free = cells.filter(({ sex, freeBeds }) => sex === 'male' && freeBeds.length > 1);
    const last = free.at(-1);
    const [one, two] = last?.freeBeds ?? [];
    const day = new Date(await site.now()).toISOString().slice(0, 10);
    const row = (number: string, bed: number | undefined, birth: string) => [number, '测试甲', 'male', birth, last?.cell, bed, day, 'no', '', '', ''].join(',');
    const rows = [importColumns.join(','), row('29990001', one, '1990-02-03'), row('29990002', two, '1990-13-40'), row('2999', two, '1990-02-03')];
    await desk.goTo('people');
    await desk.button(desk.say('console', 'import.title')).click();
    const dialog = desk.page.getByRole('dialog');
    await dialog.locator('input[type=file]').setInputFiles({ name: '新收.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\r\n')) });
    await dialog.getByRole('button', { name: desk.say('console', 'import.start'), exact: true }).click();
    await desk.expectText('import.accepted', { n: 1 });
    await desk.expectText('import.refused', { n: 2 });
    const report = dialog.getByRole('row');
    await expect(report.filter({ hasText: '29990002' })).toContainText('birthDate');
    await expect(report.filter({ hasText: 'number' }).filter({ hasText: '4' })).toBeVisible();
    await dialog.getByRole('button', { name: desk.say('common', 'action.close') }).click();
    await openPerson(desk, '29990001');
    await expect(desk.page.getByRole('dialog')).toContainText(`${last?.cell}-${String(one).padStart(2, '0')}`);
  });

  test('admitted with a PIN shown once, moved, released: the wall of the cell offers those who are there', async ({ terminal, officer, clerk }) => {
    const cell = '0104';
    const wall = await terminal(cell);
    const desk = await officer('reception');
    const reader = await clerk('reception');
    const { cells } = await reader.read<{ cells: Cells }>('/api/cells');
    const kinds = new Map(await Promise.all(cells.map(async (one) => [one.cell, await isSentenced(reader, one.cell)] as const)));
    const here = cells.find((one) => one.cell === cell);
    const other = cells.find((one) => one.cell !== cell && one.sex === here?.sex && kinds.get(one.cell) === kinds.get(cell) && one.freeBeds.length > 0);
    const bed = here?.freeBeds[0];
    if (!here || !other || bed === undefined) throw new Error('no bed is free');
    await desk.goTo('people');
    await desk.button(desk.say('console', 'people.admit')).click();
    const dialog = desk.page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: desk.say('console', 'people.number') }).fill('29990009');
    await dialog.getByRole('textbox', { name: desk.say('console', 'people.name') }).fill('测试乙');
    await desk.choose(dialog, desk.say('console', 'people.sex'), desk.say('console', here.sex === 'male' ? 'people.male' : 'people.female'));
    await dialog.getByRole('textbox', { name: desk.say('console', 'people.birthDate') }).fill('1991-05-06');
    await desk.choose(dialog, desk.say('console', 'people.cell'), cell);
    await desk.choose(dialog, desk.say('console', 'people.bed'), String(bed));
    await desk.choose(dialog, desk.say('console', 'people.judgement'), desk.say('console', kinds.get(cell) ? 'people.sentenced' : 'people.unsentenced'));
    await dialog.getByRole('button', { name: desk.say('console', 'people.admit') }).click();
    await desk.expectText('people.pinOnce');
    const pin = ((await dialog.getByRole('img').getAttribute('aria-label')) ?? '').replaceAll(/\D/g, '');
    await dialog.getByRole('button', { name: desk.say('common', 'action.close') }).click();

    await wall.press(wall.say('cell', 'mine.title'));
    await wall.chooseBed(bed);
    await wall.typePin(pin);
    await expect(wall.page.getByText(wall.say('cell', 'mine.none'))).toBeVisible();
    await wall.goHome();

    await openPerson(desk, '29990009');
    await dialog.getByRole('button', { name: desk.say('console', 'people.move'), exact: true }).click();
    await desk.find(dialog, desk.say('console', 'people.cell'), other.cell);
    await desk.choose(dialog, desk.say('console', 'people.bed'), String(other.freeBeds[0]));
    await dialog.getByRole('textbox', { name: desk.say('console', 'people.reason') }).fill('调整监室');
    const place = `${other.cell}-${String(other.freeBeds[0]).padStart(2, '0')}`;
    const confirm = dialog.getByRole('button', { name: desk.say('console', 'people.moveConfirm', { where: place }) });
    await confirm.click();
    await expect(confirm).toBeHidden();
    await expect(dialog).toContainText(place);
    await wall.press(wall.say('cell', 'mine.title'));
    await wall.expectBed(bed, false);
    await wall.goHome();

    await dialog.getByRole('button', { name: desk.say('console', 'people.release'), exact: true }).click();
    await dialog.getByRole('textbox', { name: desk.say('console', 'people.reason') }).fill('判决生效');
    await dialog.getByRole('button', { name: desk.say('console', 'people.releaseConfirm', { who: '测试乙' }) }).click();
    await expect(dialog).toContainText(desk.say('console', 'people.released'));
    const { rows } = await reader.read<{ rows: People }>('/api/people?state=released&text=29990009');
    expect(rows).toHaveLength(1);
  });
});
