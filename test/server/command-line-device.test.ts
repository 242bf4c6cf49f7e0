import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Clerk } from '../e2e/clerk.js';
import { type Site, startSite } from '../support/site.js';

const DEVICE = fileURLToPath(new URL('../../apps/server/bin/device.mjs', import.meta.url));
const PATIENCE = 120_000;
/** A verdict takes effect when it can no longer be undone. */
const UNDO_MS = 11_000;

let site: Site;

beforeAll(async () => {
  site = await startSite();
}, PATIENCE);

afterAll(() => site.stop());

/** Runs the program as a person at a shell would, and gives its exit code and the line of JSON that it printed. */
async function device(...args: string[]): Promise<{ code: number; said: Record<string, unknown> }> {
  const env = { ...process.env, DATA_DIR: site.dataDir };
  const run = promisify(execFile)(process.execPath, [DEVICE, '--dir', path.join(site.dataDir, 'wall'), ...args], { env });
  const { stdout, code } = await run.then(
    (answer) => ({ ...answer, code: 0 }),
    (error: { stdout: string; code: number }) => error,
  );
  return { code, said: stdout.startsWith('{') ? (JSON.parse(stdout) as Record<string, unknown>) : { usage: stdout } };
}

test('a terminal from the command line enrols, is let in, calls, is answered, and keeps its sequence', { timeout: PATIENCE }, async () => {
  const { code } = await site.enrolment('cell:0101');
  const enrolled = await device('enrol', code);
  expect(enrolled).toMatchObject({ code: 0, said: { place: 'cell:0101', checkValue: expect.stringMatching(/^\d{6}$/) } });
  expect((await device('home')).said).toEqual({ error: 'waiting' });
  const admin = await Clerk.signIn(site, 'system-admin');
  await admin.confirmDevice('0101', String(enrolled.said.checkValue));
  await site.advance(UNDO_MS);

  expect((await device('send', 'alert.call', '{}')).said).toMatchObject({ outcome: 'accepted' });
  expect((await device('home')).said).toMatchObject({ cell: '0101' });
  const status = await device('status');
  expect(status.said).toMatchObject({ queued: 0, lastSeq: 1 });
  const { alerts } = await (await Clerk.signIn(site, 'control-room')).read<{ alerts: { cell: string | null }[] }>('/api/alerts/open');
  expect(alerts.some(({ cell }) => cell === '0101')).toBe(true);
});

test('what cannot be done is said with what to do, and the exit code tells it', { timeout: PATIENCE }, async () => {
  expect(await device('enrol', 'NOTACODE')).toMatchObject({ code: 1, said: { error: expect.anything() } });
  expect((await device('send', 'alert.call', '{not json')).code).toBe(2);
  const wrong = await device('dance');
  expect(wrong.code).toBe(2);
  expect(String(wrong.said.usage)).toContain('enrol CODE');
});
