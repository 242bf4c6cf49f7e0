import type { Rule } from './source.js';

/** What may stand at the top; dotfiles of the tools beside them. */
const TOP = new Set([
  'README.md',
  'LICENSE',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'vite.config.ts',
  'apps',
  'packages',
  'kiosk-shell',
  'test',
]);

/** The top level stays as the README's map shows it. */
export const topLevelRule: Rule = (files) => {
  const names = new Set(files.map((file) => file.path.split('/')[0] ?? ''));
  return [...names].filter((name) => !TOP.has(name) && !name.startsWith('.')).map((name) => `${name} does not belong at the top level`);
};

/** Put together here, so that this file does not break its own rule. */
const MACHINE = new RegExp([['', 'work', '(?:main|shared|\\.library)'].join('/'), ['', 'root', ''].join('/'), ['\\.\\.', 'shared', ''].join('/')].join('|'));

/** No path of the machine on which somebody worked. */
export const machinePathRule: Rule = (files) =>
  files.flatMap((file) =>
    file.text.split('\n').flatMap((line, index) => (MACHINE.test(line) ? [`${file.path}:${index + 1} names a folder of one machine`] : [])),
  );

/** The lock file names versions and checksums; where they come from is the reader's registry. */
export const lockRule: Rule = (files) => {
  const lock = files.find((file) => file.path === 'package-lock.json');
  if (!lock) return ['package-lock.json is missing'];
  return lock.text.includes('"resolved": "http') ? ['package-lock.json names a registry: keep omit-lockfile-registry-resolved=true in .npmrc'] : [];
};
