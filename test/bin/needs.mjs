// What a test run needs from the system and can get by itself: a browser and a second PostgreSQL.
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { node, succeeds } from './steps.mjs';

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const POSTGRES = '/usr/lib/postgresql';

const isRoot = () => process.getuid?.() === 0;

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function onPath(names) {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(isProgram);
}

function aptInstall(name) {
  if (!isRoot() || !onPath(['apt-get'])) return false;
  console.log(`Installing Debian's package ${name} …`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  return succeeds('apt-get', ['update', '-qq'], env) && succeeds('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], env);
}

function systemBrowser() {
  const named = process.env.CHROME_PATH;
  return named && isProgram(named) ? named : onPath(BROWSERS);
}

/** The browser's program, 'playwright' for Playwright's own, or undefined where none can be had. */
export function findBrowser() {
  const present = systemBrowser();
  if (present) return present;
  if (aptInstall('chromium')) return systemBrowser();
  console.log('Installing the browser of Playwright …');
  return node('@playwright/test/cli.js', ['install', 'chromium']) ? 'playwright' : undefined;
}

const hasPostgres = () => existsSync(POSTGRES) && readdirSync(POSTGRES).some((version) => existsSync(path.join(POSTGRES, version, 'bin/postgres')));

/** Whether the system's own PostgreSQL is there, installed now where that is possible. */
export function findPostgres() {
  return hasPostgres() || (aptInstall('postgresql') && hasPostgres());
}
