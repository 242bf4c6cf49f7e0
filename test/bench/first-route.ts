import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from './root.js';

const WEB = path.join(ROOT, 'apps/cell-terminal/dist/web');
const LEVEL = 9;

/** The modules that a page loads by itself: its scripts and what it preloads, as paths below its folder. */
export function entriesOf(html: string): string[] {
  const tags = html.match(/<(?:script|link)\b[^>]*>/g) ?? [];
  return tags.flatMap((tag) => {
    const wanted = /type="module"|rel="modulepreload"/.test(tag);
    const address = /(?:src|href)="([^"]+\.js)"/.exec(tag)?.[1];
    return wanted && address !== undefined ? [address.replace(/^\//, '')] : [];
  });
}

/** The files that a built module imports before it runs; what it imports later, on demand, is not among them. */
export function staticImports(code: string): string[] {
  const found = [...code.matchAll(/(?:^|[;\n}])\s*(?:import|export)\s*(?:[\w*{}\s,$]+?from\s*)?["'](\.{1,2}\/[^"']+)["']/g)];
  return found.map((match) => match[1] ?? '');
}

/** All files that are needed before the first screen, each once. */
export function closureOf(entries: readonly string[], read: (file: string) => string): string[] {
  const seen = new Set<string>();
  const waiting = [...entries];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const imported of staticImports(read(file))) waiting.push(path.posix.join(path.posix.dirname(file), imported));
  }
  return [...seen].sort();
}

/** What the terminal's first page loads of JavaScript before it shows anything, each file compressed by itself as it is served. */
export function firstRouteBytes(): { readonly bytes: number; readonly files: readonly string[] } {
  const read = (file: string) => readFileSync(path.join(WEB, file), 'utf8');
  const files = closureOf(entriesOf(read('index.html')), read);
  const bytes = files.reduce((sum, file) => sum + gzipSync(read(file), { level: LEVEL }).length, 0);
  return { bytes, files };
}
