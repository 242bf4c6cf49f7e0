import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import optimizeLocales from '@react-aria/optimize-locales-plugin';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { build, createServer, type InlineConfig, type Plugin, type ViteDevServer } from 'vite';
import { defineConfig } from 'vitest/config';
import { mutation } from './test/bin/mutant-list.mjs';

/** Every web app of the house. A service worker is built for those that must start with no network. */
const APPS = [
  { name: 'cell-terminal', host: 'cell', serviceWorker: true },
  { name: 'officer-console', host: 'console', serviceWorker: false },
] as const;
type App = (typeof APPS)[number];

const ROOT = path.dirname(fileURLToPath(import.meta.url));
/** How many earlier builds keep their hashed files, so that a page opened before an update still finds its parts. */
const OLD_BUILDS_KEPT = 5;
/** The largest file is the Chinese font; without it the first start off line would show boxes. */
const LARGEST_PRECACHED = 20 * 1024 * 1024;

/**
 * The house's packages by their sources, as their package.json names them under "source". Not by that condition itself: packages of
 * others use the same word for sources that they do not publish.
 */
function houseSources(): { find: RegExp; replacement: string }[] {
  const folders = ['apps/server', ...readdirSync(path.join(ROOT, 'packages')).map((name) => `packages/${name}`)];
  return folders.flatMap((folder) => {
    const manifest = path.join(ROOT, folder, 'package.json');
    if (!existsSync(manifest)) return [];
    const { name, exports } = JSON.parse(readFileSync(manifest, 'utf8')) as { name: string; exports: Record<string, { source?: string }> };
    return Object.entries(exports).flatMap(([key, { source }]) =>
      source ? [{ find: new RegExp(`^${path.posix.join(name, key)}$`), replacement: path.join(ROOT, folder, source) }] : [],
    );
  });
}

const resolve = { alias: houseSources() };

/** Copies the hashed files of earlier builds beside those of the new one. */
async function keepOldAssets(dist: string): Promise<void> {
  const archive = path.join(ROOT, 'node_modules/.cache/sallyport/assets', path.relative(ROOT, dist));
  const stamp = path.join(archive, String(Date.now()));
  await mkdir(stamp, { recursive: true });
  await cp(path.join(dist, 'assets'), stamp, { recursive: true });
  const builds = readdirSync(archive).sort();
  for (const gone of builds.splice(0, Math.max(0, builds.length - OLD_BUILDS_KEPT))) await rm(path.join(archive, gone), { recursive: true });
  for (const kept of builds) await cp(path.join(archive, kept), path.join(dist, 'assets'), { recursive: true });
}

/** Text smaller than this gains nothing. */
const SMALLEST_COMPRESSED = 1_400;

/** Writes file.gz beside every text file, which the server sends to browsers that take it. */
async function compress(dist: string): Promise<void> {
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(?:js|css|svg|json|webmanifest)$/.test(name));
  for (const name of files) {
    const content = readFileSync(path.join(dist, name));
    if (content.length >= SMALLEST_COMPRESSED) await writeFile(path.join(dist, `${name}.gz`), gzipSync(content, { level: 9 }));
  }
}

/** Builds src/service-worker.ts into one file and writes the list of the app's files into it. */
async function buildServiceWorker(root: string): Promise<void> {
  await build({
    configFile: false,
    root,
    publicDir: false,
    logLevel: 'warn',
    resolve,
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: 'dist/web',
      emptyOutDir: false,
      target: 'es2022',
      rolldownOptions: {
        input: path.join(root, 'src/service-worker.ts'),
        output: { format: 'iife', entryFileNames: 'service-worker.js', codeSplitting: false },
      },
    },
  });
  const { injectManifest } = await import('workbox-build');
  const worker = path.join(root, 'dist/web/service-worker.js');
  await injectManifest({
    swSrc: worker,
    swDest: worker,
    globDirectory: path.join(root, 'dist/web'),
    globPatterns: ['index.html', '*.webmanifest', 'assets/**/*', 'sounds/**/*', 'icons/**/*'],
    globIgnores: ['**/*.map'],
    maximumFileSizeToCacheInBytes: LARGEST_PRECACHED,
    dontCacheBustURLsMatching: /^assets\//,
  });
}

/** Where an app's code comes from, whatever else stands beside it. */
const SHARED_SOURCES = ['basics', 'contracts', 'i18n', 'offline', 'ui'].map((name) => path.join(ROOT, 'packages', name, 'src'));

/** Names a build by its sources: the same sources are the same build, so that a terminal updates only when something changed. */
function buildOf(app: App): string {
  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const hash = createHash('sha256');
  for (const folder of [path.join(ROOT, 'apps', app.name, 'src'), ...SHARED_SOURCES]) {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const file of files.map((entry) => path.join(entry.parentPath, entry.name)).sort()) hash.update(path.relative(ROOT, file)).update(readFileSync(file));
  }
  return `${version}+${hash.digest('hex').slice(0, 8)}`;
}

async function buildWebApp(app: App): Promise<void> {
  const root = path.join(ROOT, 'apps', app.name);
  const dist = path.join(root, 'dist/web');
  await build(appConfig(app));
  // The worker lists the files of this build alone; those of earlier builds come after it.
  if (app.serviceWorker) await buildServiceWorker(root);
  // The server tells terminals and officers which build is the newest.
  await writeFile(path.join(dist, 'build.json'), `${JSON.stringify({ build: buildOf(app) })}\n`);
  await compress(dist);
  await keepOldAssets(dist);
}

/** In development Vite serves JSON as a module of code, which a browser refuses where the import says that it is JSON. */
const jsonAsCode: Plugin = {
  name: 'json-as-code',
  apply: 'serve',
  enforce: 'pre',
  transform: (code, id) => (id.includes('/packages/i18n/src/') ? code.replaceAll(/,\s*\{\s*with:\s*\{\s*type:\s*'json'\s*\}\s*\}/g, '') : undefined),
};

/** The store's code is a file of its own, run before all others: the store then opens while React is still being read. */
const OWN_FILES = [
  { name: 'store', test: /[\\/](?:packages[\\/](?:offline|basics|contracts)[\\/]src|node_modules[\\/]idb|cell-terminal[\\/]src[\\/]shell[\\/]opening)/ },
];

/** The whole configuration of one app, shared by the build and the development server. */
export function appConfig(app: App): InlineConfig {
  const root = path.join(ROOT, 'apps', app.name);
  return {
    configFile: false,
    root,
    base: '/',
    logLevel: 'warn',
    cacheDir: path.join(ROOT, 'node_modules/.vite', app.name),
    plugins: [jsonAsCode, react(), tailwindcss(), { ...optimizeLocales.vite({ locales: ['zh-CN', 'en-US'] }), enforce: 'pre' }],
    resolve,
    define: { __BUILD__: JSON.stringify(buildOf(app)) },
    html: { cspNonce: '{{nonce}}' },
    build: {
      outDir: 'dist/web',
      emptyOutDir: true,
      target: 'es2022',
      sourcemap: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 1_000,
      // The source language is in the first file and, as one of the languages, behind an import as well.
      rolldownOptions: { checks: { ineffectiveDynamicImport: false }, output: { codeSplitting: { groups: OWN_FILES } } },
    },
    worker: { format: 'es' },
  };
}

/** Set by `npm run dev`: the port of the pages; the server listens on the next one. */
const devPort = Number(process.env.DEV_PORT ?? 0);
const SERVER_PATHS = ['/api', '/socket.io', '/healthz', '/readyz', '/metrics'];

/** Chooses the app by host name, as the server does, and leaves the server's own paths to the proxy. */
function allApps(): Plugin {
  return {
    name: 'all-apps',
    async configureServer(main) {
      const httpServer = main.httpServer;
      if (!httpServer) return;
      const servers = new Map<string, ViteDevServer>();
      for (const app of APPS) {
        const hmr = { server: httpServer as never, path: `hmr-${app.name}` };
        servers.set(app.host, await createServer({ ...appConfig(app), server: { middlewareMode: { server: httpServer as never }, hmr } }));
      }
      main.middlewares.use((request, response, next) => {
        const server = servers.get((request.headers.host ?? '').split('.')[0] ?? '');
        const forServer = SERVER_PATHS.some((prefix) => request.url?.startsWith(prefix));
        if (server && !forServer) server.middlewares(request, response, next);
        else next();
      });
      httpServer.on('close', () => void Promise.all([...servers.values()].map((server) => server.close())));
    },
  };
}

function proxy(): Record<string, { target: string; ws?: boolean }> {
  const target = `http://127.0.0.1:${devPort + 1}`;
  return { ...Object.fromEntries(SERVER_PATHS.map((prefix) => [prefix, { target, ws: prefix === '/socket.io' }])), '^/$': { target } };
}

/** Tests of the embedded database itself gain nothing from the second engine. */
const EMBEDDED_ONLY = [
  'test/server/process.test.ts',
  'test/server/database-dies.test.ts',
  'test/server/command-line-device.test.ts',
  '**/embedded-postgres.server.test.ts',
];
const never = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  appType: 'custom',
  ...(devPort > 0 && { plugins: [allApps()], server: { host: '127.0.0.1', proxy: proxy() } }),
  builder: {
    async buildApp(builder) {
      for (const app of APPS) await buildWebApp(app);
      // Vite would otherwise go on and build the folder of this file, which has no page.
      for (const environment of Object.values(builder.environments)) environment.isBuilt = true;
    },
  },
  test: {
    projects: [
      {
        resolve,
        test: {
          name: 'unit',
          include: ['packages/**/*.test.{ts,tsx}', 'apps/**/src/**/*.test.{ts,tsx}', 'test/**/*.test.ts'],
          exclude: [...never, '**/*.server.test.ts', 'test/server/**', 'test/tidy/**'],
        },
      },
      {
        resolve,
        plugins: [mutation()],
        test: {
          name: 'sim',
          include: ['test/sim/**/*.sim.ts'],
          exclude: never,
          globalSetup: ['test/sim/setup.ts'],
          // Two at a time, on two cores too: a seed often waits for the database, and the runner would leave one core idle.
          maxWorkers: 2,
          testTimeout: 300_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve,
        test: { name: 'mutants', include: ['test/sim/mutants.long.ts'], exclude: never, globalSetup: ['test/sim/setup.ts'], testTimeout: 1_200_000 },
      },
      { resolve, test: { name: 'tidy', include: ['test/tidy/**/*.test.ts'], exclude: never, testTimeout: 60_000 } },
      {
        resolve,
        test: {
          name: 'server',
          include: ['apps/server/**/*.server.test.ts', 'test/server/**/*.test.ts'],
          exclude: process.env.TEST_ENGINE === 'external' ? [...never, ...EMBEDDED_ONLY] : never,
          globalSetup: ['test/support/global-database.ts'],
          // One at a time: the audit's fence looks at every transaction of the cluster, so tests beside each other would hold it back.
          maxWorkers: 1,
          // The modules of the server are loaded once for all files; each test makes its own app, database and folder.
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
