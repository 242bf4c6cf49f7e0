import { accessSync, constants } from 'node:fs';
import path from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** The system's Chromium: CHROME_PATH, else the first of the usual names on the path. Undefined lets Playwright use its own. */
export function systemChromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const candidates = [process.env['CHROME_PATH'] ?? '', ...NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)))];
  return candidates.find((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return candidate !== '';
    } catch {
      return false;
    }
  });
}

/** No sandbox, because tests often run as root in a container; no background traffic, because there is no internet inside. */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--autoplay-policy=no-user-gesture-required',
];
