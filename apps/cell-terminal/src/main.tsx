// First of all: the store opens while the rest of the page is read and run.
import { opening } from './shell/opening';
import { cellSource, createI18n } from '@sallyport/i18n';
import { keepShell, type ShellUpdates } from '@sallyport/offline';
import { createSound, I18nRoot, installPageGuard } from '@sallyport/ui';
import { StrictMode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { App } from './app';
import './app.css';
import { CallProvider } from './features/alert/call';
import { LocalSigns, LocalSignsContext } from './features/duty/local-signs';
import { NoStore } from './shell/no-store';
import { HouseContext } from './shell/terminal-context';

declare const __BUILD__: string;

/** An idle screen that nobody has touched for this long may change its build. */
const REST_BEFORE_UPDATE = 15_000;
/** A terminal that never rests gets its font all the same. */
const FONTS_AT_LATEST = 3_000;

/** `#enrol=K7MT-3QXZ`, `#lang=qps-rtl` and `#text=large`: read once, then gone from the address. */
function readHash(): { enrol: string; language: string | null; largeText: boolean } {
  const parts = new URLSearchParams(location.hash.slice(1));
  if (location.hash !== '') history.replaceState(null, '', location.pathname);
  const enrol = (parts.get('enrol') ?? '')
    .toUpperCase()
    .replaceAll(/[^2-9A-HJKMNP-Z]/g, '')
    .slice(0, 8);
  return { enrol, language: parts.get('lang'), largeText: parts.get('text') === 'large' };
}

/** What the first screen does not need begins when the page rests, at the latest after this long: the network, the worker, sockets. */
const START_AT_LATEST = 400;

/** Runs once the page has been painted and rests; a page that nobody sees is not painted and waits for nothing. */
function afterPaint(task: () => void): void {
  if (document.visibilityState === 'hidden') task();
  else requestAnimationFrame(() => requestIdleCallback(task, { timeout: START_AT_LATEST }));
}

/** Lets a stored newer build take over when nobody is at the terminal. */
function updater(): { start: () => void; idle: (idle: boolean) => void } {
  let updates: ShellUpdates | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let idle = true;
  let waiting = false;
  const plan = (): void => {
    clearTimeout(timer);
    if (idle && waiting) timer = setTimeout(() => updates?.activate(), REST_BEFORE_UPDATE);
  };
  window.addEventListener('pointerdown', plan, { passive: true });
  return {
    start() {
      if (!import.meta.env.PROD) return;
      void keepShell('/service-worker.js', () => {
        waiting = true;
        plan();
      }).then((kept) => {
        updates = kept;
      });
    },
    idle(now) {
      idle = now;
      plan();
      if (now) updates?.look();
    },
  };
}

async function begin(root: Root): Promise<void> {
  const { enrol, language, largeText } = readHash();
  const i18n = createI18n({ source: cellSource, ...(language !== null && { language }) });
  const restart = (): void => location.reload();
  try {
    const terminal = await opening;
    const { start, idle } = updater();
    root.render(
      <StrictMode>
        <I18nRoot i18n={i18n}>
          <HouseContext value={{ terminal, sound: createSound(), build: __BUILD__ }}>
            <LocalSignsContext value={new LocalSigns()}>
              <CallProvider>
                <App enrolCode={enrol} largeText={largeText} onIdle={idle} />
              </CallProvider>
            </LocalSignsContext>
          </HouseContext>
        </I18nRoot>
      </StrictMode>,
    );
    afterPaint(() => {
      terminal.start();
      start();
    });
  } catch {
    root.render(
      <I18nRoot i18n={i18n}>
        <NoStore onRetry={restart} />
      </I18nRoot>,
    );
  }
  // The system font of a managed terminal comes first; this one is for all other machines and must not hold up the first page: its hundred
  // faces are read, and the slices that the page needs laid out, once the page has been painted.
  requestIdleCallback(() => void import('@sallyport/ui/fonts.css'), { timeout: FONTS_AT_LATEST });
}

installPageGuard();
const root = document.getElementById('root');
if (root) void begin(createRoot(root));
