import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import optimizeLocales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { build, type InlineConfig } from 'vite';
import { injectManifest } from 'workbox-build';
import { ROOT } from './root.js';

const SOURCE = path.join(ROOT, 'test/bench/bare-page');
/** The terminal's own worker: both pages come out of the cache in the same way. */
const WORKER = path.join(ROOT, 'apps/cell-terminal/src/service-worker.ts');

function pageConfig(outDir: string): InlineConfig {
  return {
    configFile: false,
    root: SOURCE,
    base: '/',
    logLevel: 'warn',
    plugins: [react(), { ...optimizeLocales.vite({ locales: ['zh-CN', 'en-US'] }), enforce: 'pre' }],
    build: { outDir, emptyOutDir: true, target: 'es2022', modulePreload: { polyfill: false } },
  };
}

function workerConfig(outDir: string): InlineConfig {
  return {
    configFile: false,
    root: SOURCE,
    logLevel: 'warn',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir,
      emptyOutDir: false,
      target: 'es2022',
      rolldownOptions: { input: WORKER, output: { format: 'iife', entryFileNames: 'service-worker.js', codeSplitting: false } },
    },
  };
}

/** Builds the page that the terminal is held against as the terminal itself is built, into `folder`. */
export async function buildBarePage(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await build(pageConfig(folder));
  await build(workerConfig(folder));
  const worker = path.join(folder, 'service-worker.js');
  cpSync(worker, `${worker}.bare`);
  await injectManifest({
    swSrc: `${worker}.bare`,
    swDest: worker,
    globDirectory: folder,
    globPatterns: ['index.html', 'assets/**/*'],
    globIgnores: ['**/*.map'],
  });
}
