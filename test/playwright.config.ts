import { defineConfig } from '@playwright/test';
import { CHROMIUM_ARGS, systemChromium } from './support/chromium.js';

const executablePath = systemChromium();

export default defineConfig({
  testDir: './e2e',
  testMatch: '**/*.spec.ts',
  // Stories that live through real minutes belong to the long run.
  ...(process.env.LONG !== '1' && { grepInvert: /@long/ }),
  fullyParallel: false,
  // Two cores: a second worker beside the server and its database makes every wait longer than it saves.
  workers: 1,
  retries: 0,
  // Browser and server share two cores with the rest of the run; a wait ends as soon as the thing is there.
  timeout: 240_000,
  // A terminal heals a hint that got lost within 36 s; nothing on a screen is late before that.
  expect: { timeout: 45_000 },
  outputDir: '../test-results/e2e',
  use: {
    browserName: 'chromium',
    launchOptions: { args: CHROMIUM_ARGS, ...(executablePath ? { executablePath } : {}) },
    // A trace of every story costs a third of its time: TRACE=1 keeps those of the stories that fail.
    trace: process.env.TRACE === '1' ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    serviceWorkers: 'allow',
  },
});
