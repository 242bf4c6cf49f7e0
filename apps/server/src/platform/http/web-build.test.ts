import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWebBuild } from './web-build.js';

let folder: string;
let dist: string;
let now: number;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sallyport-build-'));
  dist = path.join(folder, 'cell-terminal/dist/web');
  now = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

const pageOf = (build: string) => `<!doctype html><html><script src="/assets/main-${build}.js"></script></html>\n`;
const write = (name: string, text: string) => writeFileSync(path.join(dist, name), text);
function writeBuild(build: string): void {
  mkdirSync(path.join(dist, 'assets'), { recursive: true });
  write(`assets/main-${build}.js`, build);
  write('index.html', pageOf(build));
  write('build.json', JSON.stringify({ build }));
}
const following = () => createWebBuild('cell', folder, () => (now += 2_000));

test('a running server serves a new build once all of it is there, and the one before until then', () => {
  writeBuild('1');
  const served = following();
  expect(served.app()).toMatchObject({ build: '1', page: pageOf('1') });
  rmSync(dist, { recursive: true });
  expect(served.app()?.page).toBe(pageOf('1'));
  expect(served.underWay()).toBe(true);
  mkdirSync(path.join(dist, 'assets'), { recursive: true });
  for (const half of ['', pageOf('2').slice(0, 40), pageOf('2')]) {
    write('index.html', half);
    expect(served.app()?.page, half).toBe(pageOf('1'));
  }
  write('build.json', '{"buil');
  expect(served.app()?.page).toBe(pageOf('1'));
  write('build.json', '{"build":"2"}');
  expect(served.app()?.page, 'a file that the page names is not there yet').toBe(pageOf('1'));
  write('assets/main-2.js', '2');
  expect(served.app()).toMatchObject({ build: '2', page: pageOf('2') });
  expect(served.underWay()).toBe(false);
});

test('an app that is built after the start is served without another start', () => {
  const served = following();
  expect(served.app()).toBeUndefined();
  writeBuild('1');
  expect(served.app()?.build).toBe('1');
});

test('the disk is asked once a second at most', () => {
  writeBuild('1');
  const served = createWebBuild('cell', folder, () => now);
  expect(served.app()?.build).toBe('1');
  writeBuild('2');
  now += 999;
  expect(served.app()?.build).toBe('1');
  now += 1;
  expect(served.app()?.build).toBe('2');
});

test.each(['cell-terminal', 'officer-console'])('the page of %s names an icon that its build has', (app) => {
  const root = fileURLToPath(new URL(`../../../../${app}/`, import.meta.url));
  const icon = /<link rel="icon" href="\/([^"]+)"/.exec(readFileSync(path.join(root, 'index.html'), 'utf8'))?.[1] ?? 'none';
  expect(readFileSync(path.join(root, 'public', icon), 'utf8')).toContain('<svg');
});
