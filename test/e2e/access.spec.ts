import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BrowserContext, chromium, expect, test } from '@playwright/test';
import { defaultPolicy, signInPath } from '@sallyport/contracts';
import { CHROMIUM_ARGS, systemChromium } from '../support/chromium.js';
import { freePort } from '../support/site.js';
import { inviteOfficer } from './accounts.js';
import { HandKey, spoilProofs } from './key.js';
import { expectAccessible } from './pages/accessible.js';
import { wordsOf } from './words.js';

const MAIN = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../apps/server/dist/main.js');
const START_TIMEOUT_MS = 60_000;
/** So soon after the first press a second one counts as the same. */
const DOUBLE_PRESS_MS = 700;

interface House {
  readonly folder: string;
  readonly origin: (app: 'cell' | 'console') => string;
  /** What the operator reads after the first start. */
  readonly firstLink: string;
  readonly fingerprint: string;
  stop(): Promise<void>;
}

/** A certificate that no authority has signed, as a small site has it before its own authority exists. */
function certificate(folder: string): { cert: string; key: string; fingerprint: string } {
  const cert = path.join(folder, 'cert.pem');
  const key = path.join(folder, 'key.pem');
  const names = 'subjectAltName=DNS:console.localhost,DNS:cell.localhost,DNS:hall.localhost,DNS:localhost';
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync('openssl', ['req', '-x509', ...curve, '-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=localhost', '-addext', names], {
    stdio: 'ignore',
  });
  const spki = new X509Certificate(readFileSync(cert)).publicKey.export({ type: 'spki', format: 'der' });
  return { cert, key, fingerprint: createHash('sha256').update(spki).digest('base64') };
}

async function until<T>(find: () => T | undefined, child: ChildProcess, words: readonly string[]): Promise<T> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`the server is not there\n${words.join('')}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A new site without demonstration, over HTTPS. */
async function startHouse(): Promise<House> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sp-house-'));
  const { cert, key, fingerprint } = certificate(folder);
  const port = await freePort();
  const tls = { TLS_CERT_FILE: cert, TLS_KEY_FILE: key };
  const env = { ...process.env, ...tls, DEMO: '0', PORT: String(port), DATA_DIR: path.join(folder, 'data'), LOG_LEVEL: 'warn' };
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const words: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => words.push(chunk.toString()));
  const firstLink = await until(() => /https:\/\/console\S+#\S+/.exec(words.join(''))?.[0], child, words);
  return {
    folder,
    firstLink,
    fingerprint,
    origin: (app) => `https://${app}.localhost:${port}`,
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A browser of its own that knows the certificate. */
function browserOf(house: House, profile: string): Promise<BrowserContext> {
  const executablePath = systemChromium();
  return chromium.launchPersistentContext(path.join(house.folder, profile), {
    args: [...CHROMIUM_ARGS, `--ignore-certificate-errors-spki-list=${house.fingerprint}`],
    locale: 'zh-CN',
    ...(executablePath && { executablePath }),
  });
}

/** Sends the officer's cookie to sign out, as a page of this origin would; by address, because only browsers know *.localhost. */
async function signOutFrom(house: House, context: BrowserContext, origin: string): Promise<number | undefined> {
  const target = new URL('/api/access/sign-out', house.origin('console'));
  const cookie = (await context.cookies(target.origin)).map(({ name, value }) => `${name}=${value}`).join('; ');
  const headers = { host: target.host, origin, cookie, 'content-type': 'application/json', 'content-length': '2' };
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: target.port, path: target.pathname, method: 'POST', headers, rejectUnauthorized: false };
    const sent = request(options, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
    });
    sent.on('error', reject);
    sent.end('{}');
  });
}

test.describe('ACCESS: over HTTPS, from the first link to a locked console', () => {
  // The first administrator of the first story is the one who invites in the second.
  test.describe.configure({ mode: 'serial' });
  let house: House;
  let context: BrowserContext;
  test.beforeAll(async () => {
    house = await startHouse();
    context = await browserOf(house, 'profile');
  });
  test.afterAll(async () => {
    await context?.close();
    await house?.stop();
  });

  test('the first administrator makes a passkey from a link that works once, locks, unlocks, signs out and in again', async () => {
    const say = await wordsOf('zh-CN');
    const page = await context.newPage();
    await HandKey.insert(page);
    await page.goto(house.firstLink);
    await page.getByRole('button', { name: say('console', 'signIn.register') }).click();
    const rail = page.getByRole('navigation', { name: say('common', 'nav.main') });
    await expect(rail).toBeVisible();
    await expectAccessible(page);

    const again = await context.newPage();
    await again.goto(house.firstLink);
    await expect(again.getByText(say('console', 'signIn.linkInvalid'))).toBeVisible();
    await again.close();

    await page.getByRole('button', { name: say('console', 'nav.lock') }).click();
    await expect(page.getByRole('heading', { name: say('console', 'lock.title') })).toBeVisible();
    await expect(page.getByRole('banner', { name: say('common', 'alarm.region') })).toBeVisible();
    await expect(rail).toHaveCount(0);
    await expectAccessible(page);
    await page.getByRole('button', { name: say('console', 'lock.unlock') }).click();
    await expect(rail).toBeVisible();

    await page.getByRole('button', { name: say('console', 'nav.signOut') }).click();
    const signIn = page.getByRole('button', { name: say('console', 'signIn.passkey') });
    await expect(signIn).toBeVisible();
    await expectAccessible(page);
    await signIn.click();
    await expect(rail).toBeVisible();
    const cookies = await context.cookies(house.origin('console'));
    expect(cookies.find(({ name }) => name === '__Host-sallyport')).toMatchObject({ secure: true, httpOnly: true, sameSite: 'Strict' });
  });

  test('an invited officer makes a key by the link, sees what the post gives, and is locked out by wrong proofs', async () => {
    const say = await wordsOf('zh-CN');
    const admin = await context.newPage();
    await admin.goto(house.origin('console'));
    await admin.getByRole('link', { name: new RegExp(`^${say('console', 'nav.accounts')}`) }).click();
    const link = await inviteOfficer(admin, say, '测试警官', 'T10001');
    const own = await browserOf(house, 'invited');
    const page = own.pages()[0] ?? (await own.newPage());
    const key = await HandKey.insert(page);
    await page.goto(link);
    await page.getByRole('button', { name: say('console', 'signIn.register') }).click();
    const rail = page.getByRole('navigation', { name: say('common', 'nav.main') });
    await expect(rail.getByRole('link', { name: new RegExp(`^${say('console', 'nav.duty')}`) })).toBeVisible();
    await expect(rail.getByRole('link', { name: new RegExp(`^${say('console', 'nav.accounts')}`) })).toHaveCount(0);
    expect(await key.held()).toBe(1);

    await page.getByRole('button', { name: say('console', 'nav.signOut') }).click();
    const signIn = page.getByRole('button', { name: say('console', 'signIn.passkey') });
    await spoilProofs(own, signInPath, defaultPolicy.session.signInTries);
    const codes: string[] = [];
    for (let tries = 0; tries <= defaultPolicy.session.signInTries; tries += 1) {
      const answered = page.waitForResponse((response) => response.url().endsWith(signInPath));
      await signIn.click();
      codes.push(((await (await answered).json()) as { code: string }).code);
      await page.waitForTimeout(DOUBLE_PRESS_MS);
    }
    // The last proof is right again, and does not help.
    expect(new Set(codes.slice(0, -2)).size).toBe(1);
    expect(codes.slice(-2)).toEqual(['SIGN_IN_LOCKED', 'SIGN_IN_LOCKED']);
    await expect(rail).toHaveCount(0);
    await expectAccessible(page);
    await own.close();
    await admin.close();
  });

  test('a page of another origin may not act, and the doors of the demonstration are not there', async () => {
    const page = await context.newPage();
    await page.goto(house.origin('console'));
    const answers = await page.evaluate(async () => {
      const paths = ['/api/demo/clock', '/api/demo/sign-in', '/api/demo/enrolments'];
      return Promise.all(
        paths.map(async (address) => (await fetch(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })).status),
      );
    });
    expect(answers).toEqual([404, 404, 404]);
    const cookies = await context.cookies(house.origin('console'));
    const isSignedIn = cookies.some(({ name }) => name === '__Host-sallyport');
    expect(await signOutFrom(house, context, house.origin('cell'))).toBe(403);
    // The same request from the console's own page comes as far as the session, which the foreign one has not ended.
    expect(await signOutFrom(house, context, house.origin('console'))).toBe(isSignedIn ? 200 : 401);
  });

  test('the terminal keeps its own shell over HTTPS and starts again with no network', async () => {
    const say = await wordsOf('zh-CN');
    const page = await context.newPage();
    await page.goto(house.origin('cell'));
    const heading = page.getByRole('heading', { name: say('cell', 'enrol.enterCode') });
    await expect(heading).toBeVisible();
    expect(await page.evaluate(() => isSecureContext)).toBe(true);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await context.setOffline(true);
    await page.reload();
    await expect(heading).toBeVisible();
    await context.setOffline(false);
  });
});
