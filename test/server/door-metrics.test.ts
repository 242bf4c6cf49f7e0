import { newId } from '@sallyport/basics';
import { refusalCode } from '@sallyport/contracts';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestApp, type TestApp, type TestConsole } from '../support/app.js';
import { systemRandom } from '../support/door.js';

let world: TestApp;
let guard: TestConsole;

beforeEach(async () => {
  world = await createTestApp({ demo: true });
  guard = world.console();
  const { json } = await guard.post('/api/demo/sign-in', { role: 'cell-officer' });
  await guard.post('/api/access/link', { token: String(json['signInUrl']).split('#')[1] });
});
afterEach(() => world.drop());

async function figure(line: string): Promise<number> {
  const { body } = await world.app.http.inject('/metrics');
  const found = body.split('\n').find((one) => one.startsWith(`${line} `));
  return found === undefined ? 0 : Number(found.slice(line.length + 1));
}
const someId = () => newId({ now: () => world.now() }, systemRandom);
const claim = () => guard.command('work.claim', { item: someId() });

test('what waits, how long, together with how many, and what became of it', async () => {
  let answers: Promise<unknown> | undefined;
  await world.db.transaction().execute(async (trx) => {
    await sql`lock table command in access exclusive mode`.execute(trx);
    answers = Promise.all([claim(), claim(), claim()]);
    answers.catch(() => undefined);
    await expect.poll(() => figure('sallyport_commands_waiting')).toBe(3);
    await expect.poll(() => figure('sallyport_commands_oldest_seconds')).toBeGreaterThan(0.1);
  });
  await answers;
  expect(await figure('sallyport_commands_waiting')).toBe(0);
  expect(await figure('sallyport_commands_oldest_seconds')).toBe(0);
  expect(await figure('sallyport_commands_total{outcome="refused"}')).toBe(3);
  expect(await figure('sallyport_command_refusals_total{code="NOT_FOUND"}')).toBe(3);
  expect(await figure('sallyport_command_batch_size_sum')).toBe(3);
});

test('the labels of refusals are those of the contracts, whatever is sent', async () => {
  for (const kind of ['work.claim', 'no.such', 'x']) {
    const envelope = { id: someId(), kind, version: 1, madeAt: new Date(world.now()).toISOString(), body: { [kind]: kind } };
    await guard.post('/api/commands', { commands: [envelope] });
  }
  const { body } = await world.app.http.inject('/metrics');
  const codes = [...body.matchAll(/sallyport_command_refusals_total\{code="([^"]*)"\}/g)].map(([, code]) => code ?? '');
  expect(codes.length).toBeGreaterThan(0);
  expect(codes.filter((code) => code !== 'other' && !refusalCode.safeParse(code).success)).toEqual([]);
  expect(body).not.toContain('no.such');
});
