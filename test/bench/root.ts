import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

function rootAbove(folder: string): string {
  if (existsSync(path.join(folder, 'package-lock.json'))) return folder;
  const above = path.dirname(folder);
  if (above === folder) throw new Error('The benchmarks run inside the workspace only.');
  return rootAbove(above);
}

/** Folder of this module: of the compiled benchmarks when they run. */
export const HERE = path.dirname(fileURLToPath(import.meta.url));
/** The workspace, found from the sources and from what the compiler made of them alike. */
export const ROOT = rootAbove(HERE);
