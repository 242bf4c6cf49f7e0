import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Audience } from '@sallyport/contracts';
import { z } from 'zod';
import { APP_OF } from './families.js';

/** The folder of the apps, the same path from src and from dist. */
export const APPS = fileURLToPath(new URL('../../../../', import.meta.url));
/** The files are looked at again after this long: pages are asked for often, builds are made seldom. */
const LOOK_EVERY_MS = 1_000;

/** A build of an app that is whole: its page and all that the page loads. */
export interface WebApp {
  readonly family: Audience;
  readonly dist: string;
  readonly page: string;
  /** Its name; null for a folder that does not tell. */
  readonly build: string | null;
}

export interface WebBuild {
  /** The newest whole build; undefined when there has been none. While the next one is written it stays the one before. */
  app(): WebApp | undefined;
  /** Whether a build is being written over the one that is served: its name is the last thing that it writes. */
  underWay(): boolean;
}

const named = z.object({ build: z.string().min(1) });

function readBuild(file: string): string | null {
  try {
    return named.parse(JSON.parse(readFileSync(file, 'utf8'))).build;
  } catch {
    // Missing or half-written: looked at again.
    return null;
  }
}

/** The page where it is whole and every file that it names is there; else null. */
function readPage(dist: string): string | null {
  const file = path.join(dist, 'index.html');
  if (!existsSync(file)) return null;
  const page = readFileSync(file, 'utf8');
  const files = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, name]) => path.join(dist, name ?? ''));
  return page.trimEnd().endsWith('</html>') && files.every((name) => existsSync(name)) ? page : null;
}

/** What changes with every build; null while one of the files is missing. */
function stampOf(...files: readonly string[]): string | null {
  const found = files.map((file) => statSync(file, { throwIfNoEntry: false }));
  return found.some((stat) => stat === undefined) ? null : found.map((stat) => `${stat?.mtimeMs} ${stat?.size} ${stat?.ino}`).join(' ');
}

/** Follows the build of an app on the disk, so that a running server serves a new one, and never half of it. */
export function createWebBuild(family: Audience, folder: string = APPS, now: () => number = () => performance.now()): WebBuild {
  const dist = path.join(folder, APP_OF[family], 'dist/web');
  const nameFile = path.join(dist, 'build.json');
  let current: WebApp | undefined;
  let stamp: string | null = null;
  let lookedAt = Number.NEGATIVE_INFINITY;
  const look = (): void => {
    const seen = stampOf(path.join(dist, 'index.html'), nameFile);
    if (current && (seen === null || seen === stamp)) return;
    const build = readBuild(nameFile);
    const page = readPage(dist);
    // The name comes last: without it a later build is not finished. A first one without a name is served as it is.
    if (page === null || (build === null && current !== undefined)) return;
    current = { family, dist, page, build };
    stamp = seen;
  };
  return {
    app: () => {
      if (now() - lookedAt >= LOOK_EVERY_MS) {
        lookedAt = now();
        look();
      }
      return current;
    },
    underWay: () => current?.build != null && !existsSync(nameFile),
  };
}
