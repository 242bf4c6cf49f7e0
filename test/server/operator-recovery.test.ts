import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { defaultPolicy } from '@sallyport/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { announceStart } from '../../apps/server/src/features/demo/index.js';
import { recoverByOperator } from '../../apps/server/src/features/access/index.js';
import { tokenHash } from '../../apps/server/src/features/access/tokens.js';
import { ensureFirstPolicy } from '../../apps/server/src/features/policy/index.js';
import { loadKeys } from '../../apps/server/src/platform/crypto/index.js';
import { holdToKeys } from '../../apps/server/src/platform/lifecycle/index.js';
import { accessRecover } from '../../apps/server/src/recover-cli.js';
import { newId } from '@sallyport/basics';
import { CONSOLE_ORIGIN, createTestApp, type TestApp, type TestConsole } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { systemRandom } from '../support/door.js';
import { VirtualPasskey } from '../support/passkey.js';

const RECOVERY = { staffNo: 'FIRST-ADMIN', reason: '通行密钥遗失', operator: { user: 'root', host: 'site-1' } };

describe('the way back of the last security administrator', () => {
  let world: TestApp;
  beforeEach(async () => {
    world = await createTestApp();
  });
  afterEach(() => world.drop());

  const newKey = () => new VirtualPasskey({ origin: CONSOLE_ORIGIN, rpId: 'console.localhost' });
  async function register(browser: TestConsole, url: string, key: VirtualPasskey): Promise<number> {
    const redeemed = await browser.post('/api/access/link', { token: url.split('#')[1] });
    if (redeemed.status !== 200) return redeemed.status;
    const { json } = await browser.post('/api/access/passkey/registration-options', {});
    const { ceremony, options } = json as unknown as { ceremony: string; options: { challenge: string } };
    return (await browser.post('/api/access/passkey/registration', { ceremony, response: key.register(options) })).status;
  }
  async function signIn(key: VirtualPasskey): Promise<number> {
    const browser = world.console();
    const { json } = await browser.post('/api/access/passkey/sign-in-options', {});
    const { ceremony, options } = json as unknown as { ceremony: string; options: { challenge: string } };
    return (await browser.post('/api/access/passkey/sign-in', { ceremony, response: key.assert(options) })).status;
  }

  test('ends the lost passkey and the sessions, lets a new one in once, and is audited with its reason', async () => {
    const lines = await announceStart(world.app.services, () => Promise.reject(new Error('no enrolment')));
    const [lost, found, first] = [newKey(), newKey(), world.console()];
    expect(await register(first, lines.find((line) => line.includes('/sign-in#')) ?? '', lost)).toBe(200);
    const made = await world.app.services.transact((scope) => recoverByOperator(scope, RECOVERY, CONSOLE_ORIGIN));
    expect((await first.get('/api/me')).status).toBe(401);
    expect(await signIn(lost)).toBe(403);
    expect(await register(world.console(), made?.url ?? '', found)).toBe(200);
    expect(await register(world.console(), made?.url ?? '', newKey())).toBe(403);
    expect(await signIn(found)).toBe(200);
    const audits = await world.db.selectFrom('audit_record').selectAll().where('action', '=', 'access.recover-by-operator').execute();
    expect(audits).toMatchObject([
      { outcome: 'accepted', reason: RECOVERY.reason, actor_id: 'operator', detail: { user: 'root', host: 'site-1', staffNo: 'FIRST-ADMIN' } },
    ]);
  });

  test('opens nobody else, and the try is audited', async () => {
    expect(await world.app.services.transact((scope) => recoverByOperator(scope, { ...RECOVERY, staffNo: 'A100' }, CONSOLE_ORIGIN))).toBeNull();
    const audits = await world.db.selectFrom('audit_record').select('outcome').where('action', '=', 'access.recover-by-operator').execute();
    expect(audits).toEqual([{ outcome: 'refused' }]);
    expect(await world.db.selectFrom('access_link').selectAll().execute()).toEqual([]);
  });
});

describe('npm run access:recover', () => {
  let database: TestDatabase;
  let dataDir: string;
  beforeEach(async () => {
    database = await createTestDatabase();
    dataDir = mkdtempSync(path.join(tmpdir(), 'sallyport-recover-'));
    const now = Date.now();
    await ensureFirstPolicy(database.db, { id: newId({ now: () => now }, systemRandom), now, document: defaultPolicy, reason: 'test' });
    const posts = JSON.stringify([{ role: 'security-admin', blocks: 'all' }]);
    const officer = { id: newId({ now: () => now }, systemRandom), name: '王建国', staff_no: 'S100', posts, state: 'active', created_at: new Date(now) };
    await database.db.insertInto('officer').values(officer).execute();
  });
  afterEach(async () => {
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function run(...args: string[]): Promise<{ code: number; said: string }> {
    const lines: string[] = [];
    const env = { DATABASE_URL: database.url, DATA_DIR: dataDir };
    const code = await accessRecover(args, { env, random: systemRandom, print: (line) => lines.push(line) });
    return { code, said: lines.join('\n') };
  }
  const wanted = ['--staff-no', 'S100', '--reason', '通行密钥遗失'];

  test('lists who can be let in, and prints an address whose link the server knows', async () => {
    const keys = await loadKeys(path.join(dataDir, 'keys'));
    await holdToKeys(database.db, { server: keys.mark, audit: 'x' }, dataDir);
    expect(await run()).toMatchObject({ code: 0, said: expect.stringContaining('S100  王建国  active  never') });
    const { code, said } = await run(...wanted);
    expect(code).toBe(0);
    const token = /\/sign-in#([\w-]+)/.exec(said)?.[1] ?? '';
    const links = await database.db.selectFrom('access_link').select(['token_hash', 'purpose']).execute();
    expect(links).toEqual([{ token_hash: tokenHash(keys, 'link', token), purpose: 'recover' }]);
    expect(await run('--staff-no', 'S101', '--reason', '通行密钥遗失')).toMatchObject({ code: 1, said: expect.stringContaining('No security administrator') });
  });

  test('makes no keys, takes no others, and asks for a reason', async () => {
    expect(await run(...wanted)).toMatchObject({ code: 1, said: expect.stringContaining('No keys') });
    const keys = await loadKeys(path.join(dataDir, 'keys'));
    await holdToKeys(database.db, { server: `${keys.mark}x`, audit: 'x' }, dataDir);
    expect(await run(...wanted)).toMatchObject({ code: 1, said: expect.stringContaining('are not those of this database') });
    expect(await run('--staff-no', 'S100')).toMatchObject({ code: 2 });
    expect(await database.db.selectFrom('access_link').selectAll().execute()).toEqual([]);
  });
});
