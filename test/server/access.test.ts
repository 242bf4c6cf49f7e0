import { HOUR, MINUTE } from '@sallyport/basics';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { announceStart } from '../../apps/server/src/features/demo/index.js';
import { CONSOLE_ORIGIN, createTestApp, type TestApp, type TestConsole } from '../support/app.js';
import { VirtualPasskey } from '../support/passkey.js';

let world: TestApp;
beforeEach(async () => {
  world = await createTestApp();
});
afterEach(() => world.drop());

const tokenOf = (url: string) => url.split('#')[1] ?? '';
const newKey = (options: { backupEligible?: boolean; verifiesUser?: boolean } = {}) =>
  new VirtualPasskey({ origin: CONSOLE_ORIGIN, rpId: 'console.localhost', ...options });

async function firstLink(): Promise<string> {
  const lines = await announceStart(world.app.services, () => Promise.reject(new Error('no enrolment outside the demonstration')));
  return lines.map((line) => line.trim()).find((line) => line.includes('/sign-in#')) ?? '';
}

type Options = { ceremony: string; options: { challenge: string; user?: { id: string } } };

async function register(browser: TestConsole, key: VirtualPasskey) {
  const { json } = await browser.post('/api/access/passkey/registration-options', {});
  const { ceremony, options } = json as unknown as Options;
  return browser.post('/api/access/passkey/registration', { ceremony, response: key.register(options) });
}

async function prove(browser: TestConsole, key: VirtualPasskey, what: 'passkey/sign-in' | 'step-up') {
  const { json } = await browser.post(`/api/access/${what}-options`, {});
  const { ceremony, options } = json as unknown as Options;
  return browser.post(`/api/access/${what}`, { ceremony, response: key.assert(options) });
}

/** The first administrator with a passkey, signed in. */
async function firstAdministrator(): Promise<{ browser: TestConsole; key: VirtualPasskey }> {
  const browser = world.console();
  const key = newKey();
  await browser.post('/api/access/link', { token: tokenOf(await firstLink()) });
  await register(browser, key);
  return { browser, key };
}

/** Invites an officer with posts and signs the officer in. */
async function invite(admin: TestConsole, role: string, staffNo: string, blocks: 'all' | string[] = 'all') {
  const outcome = await admin.command('access.create-officer', { name: '王建国', staffNo, posts: [{ role, blocks }], reason: 'new officer' });
  const { officer, signInUrl } = outcome.result as { officer: string; signInUrl: string };
  const browser = world.console();
  const key = newKey();
  await browser.post('/api/access/link', { token: tokenOf(signInUrl) });
  await register(browser, key);
  return { browser, key, officer };
}

async function refusals(): Promise<string[]> {
  const rows = await world.db.selectFrom('audit_record').select(['action', 'reason']).where('outcome', '=', 'refused').orderBy('id').execute();
  return rows.map((row) => `${row.action} ${row.reason}`);
}

describe('one-time links', () => {
  test('the first administrator comes in by the printed link, once, and only as far as registering a passkey', async () => {
    const link = await firstLink();
    const browser = world.console();
    const answer = await browser.post('/api/access/link', { token: tokenOf(link) });
    expect(answer.json).toMatchObject({ next: 'register-passkey' });
    expect((await browser.get('/api/me')).status).toBe(401);
    expect((await world.console().post('/api/access/link', { token: tokenOf(link) })).status).toBe(403);
    const before = browser.cookie;
    expect((await register(browser, newKey())).status).toBe(200);
    expect(browser.cookie).not.toBe(before);
    expect((await browser.get('/api/me')).json).toMatchObject({ passkeys: 1, locked: false, posts: [{ role: 'security-admin', blocks: 'all' }] });
    expect(await refusals()).toContain('access.link LINK_NOT_VALID');
  });

  test('a link ends after a day, and the database holds no token', async () => {
    const token = tokenOf(await firstLink());
    const rows = await world.db.selectFrom('access_link').select('token_hash').execute();
    expect(rows.some((row) => row.token_hash.toString('base64url') === token || row.token_hash.toString() === token)).toBe(false);
    world.advance(25 * HOUR);
    expect((await world.console().post('/api/access/link', { token })).json).toMatchObject({ code: 'LINK_NOT_VALID' });
  });

  test('outside demo mode the demo doors do not exist', async () => {
    for (const path of ['sign-in', 'enrolments', 'clock']) expect((await world.console().post(`/api/demo/${path}`, {})).status).toBe(404);
  });
});

describe('passkeys', () => {
  test('an administrator may not use a passkey that can be copied, another officer may', async () => {
    const browser = world.console();
    await browser.post('/api/access/link', { token: tokenOf(await firstLink()) });
    expect((await register(browser, newKey({ backupEligible: true }))).json).toMatchObject({ code: 'PASSKEY_MAY_LEAVE' });
    expect((await register(browser, newKey({ verifiesUser: false }))).json).toMatchObject({ code: 'PASSKEY_NOT_VALID' });
    expect((await register(browser, newKey())).status).toBe(200);
  });

  test('signing in makes a session; a key of another origin does not', async () => {
    const { key } = await firstAdministrator();
    const browser = world.console();
    expect((await prove(browser, key, 'passkey/sign-in')).status).toBe(200);
    expect((await browser.get('/api/me')).status).toBe(200);
    const stranger = new VirtualPasskey({ origin: CONSOLE_ORIGIN, rpId: 'console.localhost' });
    expect((await prove(world.console(), stranger, 'passkey/sign-in')).json).toMatchObject({ code: 'PASSKEY_NOT_VALID' });
    expect(await refusals()).toContain('access.sign-in PASSKEY_UNKNOWN');
  });

  test('an answer serves once, and wrong answers lock the officer for a time', async () => {
    const { key } = await firstAdministrator();
    const browser = world.console();
    const { json } = await browser.post('/api/access/passkey/sign-in-options', {});
    const { ceremony, options } = json as unknown as Options;
    const response = key.assert(options);
    expect((await browser.post('/api/access/passkey/sign-in', { ceremony, response })).status).toBe(200);
    expect((await browser.post('/api/access/passkey/sign-in', { ceremony, response })).status).toBe(403);
    for (let wrong = 0; wrong < 5; wrong += 1) {
      const next = (await browser.post('/api/access/passkey/sign-in-options', {})).json as unknown as Options;
      const answer = await world.console().post('/api/access/passkey/sign-in', { ceremony: next.ceremony, response: key.assert({ challenge: 'AAAA' }) });
      expect(answer.json['code']).toBe(wrong < 4 ? 'PASSKEY_NOT_VALID' : 'SIGN_IN_LOCKED');
    }
    expect((await prove(world.console(), key, 'passkey/sign-in')).json).toMatchObject({ code: 'SIGN_IN_LOCKED' });
    world.advance(16 * MINUTE);
    expect((await prove(world.console(), key, 'passkey/sign-in')).status).toBe(200);
  });
});

describe('sessions', () => {
  test('an idle console locks, still says who it belongs to, and a fresh proof wakes it', async () => {
    const { browser, key } = await firstAdministrator();
    world.advance(6 * MINUTE);
    expect((await browser.get('/api/me')).json).toMatchObject({ locked: true, steppedUpUntil: null });
    expect((await browser.get('/api/officers')).json).toMatchObject({ code: 'SESSION_LOCKED' });
    expect((await browser.get('/api/alerts/open')).status).not.toBe(423);
    expect((await prove(browser, key, 'step-up')).status).toBe(200);
    expect((await browser.get('/api/me')).json).toMatchObject({ locked: false });
  });

  test('reading does not keep a console awake, a touch does; after a shift the session ends', async () => {
    const { browser } = await firstAdministrator();
    for (let minute = 0; minute < 8; minute += 1) {
      world.advance(MINUTE);
      await browser.post('/api/access/touch', {});
    }
    expect((await browser.get('/api/me')).json).toMatchObject({ locked: false });
    for (let minute = 0; minute < 6; minute += 1) {
      world.advance(MINUTE);
      await browser.get('/api/officers/on-shift');
    }
    expect((await browser.get('/api/me')).json).toMatchObject({ locked: true });
    world.advance(12 * HOUR);
    expect((await browser.get('/api/me')).status).toBe(401);
  });

  test('locking and signing out end access at once; a page of another origin cannot act', async () => {
    const { browser } = await firstAdministrator();
    expect((await browser.post('/api/access/lock', {}, { origin: 'http://evil.example' })).status).toBe(403);
    expect((await browser.post('/api/access/lock', {}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    await browser.post('/api/access/lock', {});
    expect((await browser.get('/api/me')).json).toMatchObject({ locked: true });
    await browser.post('/api/access/sign-out', {});
    expect((await browser.get('/api/me')).status).toBe(401);
  });
});

describe('officers', () => {
  test('a sensitive act asks for a fresh proof', async () => {
    const { browser, key } = await firstAdministrator();
    const body = { name: '林燕', staffNo: 'P20001', posts: [{ role: 'medical', blocks: 'all' }], reason: 'new officer' };
    for (let minute = 0; minute < 6; minute += 1) {
      world.advance(MINUTE);
      await browser.post('/api/access/touch', {});
    }
    expect(await browser.command('access.create-officer', body)).toMatchObject({ outcome: 'refused', code: 'STEP_UP_NEEDED' });
    await prove(browser, key, 'step-up');
    expect(await browser.command('access.create-officer', body)).toMatchObject({ outcome: 'accepted' });
  });

  test('ACC2, ACC6: administrators hold one post, nobody changes the own posts, the last security administrator stays', async () => {
    const { browser } = await firstAdministrator();
    const both = [
      { role: 'system-admin', blocks: 'all' },
      { role: 'medical', blocks: 'all' },
    ];
    const create = { name: '何亮', staffNo: 'P20002', posts: both, reason: 'new officer' };
    expect(await browser.command('access.create-officer', create)).toMatchObject({ code: 'ADMIN_ROLES_EXCLUSIVE' });
    const me = (await browser.get('/api/me')).json as { id: string };
    expect(await browser.command('access.disable', { officer: me.id, reason: 'try' })).toMatchObject({ code: 'LAST_SECURITY_ADMIN' });
    const second = await invite(browser, 'security-admin', 'P20003');
    const own = { officer: me.id, posts: [{ role: 'security-admin', blocks: 'all' }], reason: 'try', seenVersion: 1 };
    expect(await browser.command('access.set-posts', own)).toMatchObject({ code: 'NOT_ALLOWED' });
    expect(await second.browser.command('access.set-posts', { ...own, seenVersion: 7 })).toMatchObject({ code: 'STALE_VERSION' });
  });

  test('changed posts are felt at once, a disabled officer is out at once', async () => {
    const { browser } = await firstAdministrator();
    const { browser: other, officer } = await invite(browser, 'cell-officer', 'P20004', ['01']);
    expect((await other.get('/api/people')).status).toBe(200);
    await browser.command('access.set-posts', { officer, posts: [{ role: 'finance', blocks: 'all' }], reason: 'changes to finance', seenVersion: 1 });
    expect((await other.get('/api/duty/board')).status).toBe(403);
    await browser.command('access.disable', { officer, reason: 'has left' });
    expect((await other.get('/api/me')).status).toBe(401);
  });

  test('recovery ends the lost key and gives a new link; the same command gives the same link again', async () => {
    const { browser } = await firstAdministrator();
    const { key, officer } = await invite(browser, 'reception', 'P20005');
    const id = '019bfb00-0000-7000-8000-000000000001';
    const body = { officer, reason: 'lost the key' };
    const first = await browser.command('access.recover', body, id);
    expect(await browser.command('access.recover', body, id)).toEqual(first);
    expect((await prove(world.console(), key, 'passkey/sign-in')).status).toBe(403);
    const again = world.console();
    expect((await again.post('/api/access/link', { token: tokenOf(String(first.result?.['signInUrl'])) })).status).toBe(200);
    expect((await register(again, newKey())).status).toBe(200);
  });
});
