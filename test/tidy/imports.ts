import path from 'node:path';
import { type Node, type Rule, type Source, type Violation, isCode, isTest, placeOf, tree, visitTree } from './source.js';

interface Unit {
  /** Packages of the house that it may import. */
  readonly house: readonly string[];
  /** Packages of others that it may import; anything where left out. */
  readonly others?: readonly string[];
}

/** architecture.md's table of who may import whom. */
const UNITS: Readonly<Record<string, Unit>> = {
  'packages/basics': { house: [], others: [] },
  'packages/contracts': { house: ['basics'], others: ['zod'] },
  'packages/domain': { house: ['contracts', 'basics'], others: [] },
  'packages/i18n': { house: ['contracts', 'basics'] },
  'packages/offline': { house: ['contracts', 'basics'] },
  'packages/ui': { house: ['i18n', 'contracts', 'basics'] },
  'apps/server': { house: ['domain', 'contracts', 'i18n', 'basics', 'offline'] },
  'apps/cell-terminal': { house: ['ui', 'offline', 'i18n', 'contracts', 'basics'] },
  'apps/reception-kiosk': { house: ['ui', 'offline', 'i18n', 'contracts', 'basics'] },
  'apps/officer-console': { house: ['ui', 'offline', 'i18n', 'contracts', 'basics'] },
  'kiosk-shell': { house: ['contracts', 'basics'] },
};
const TEST_TOOLS = /^(?:vitest|fast-check|fake-indexeddb|@testing-library\/|node:)/;
/** The only part of the server that plays a terminal, from the command line. */
const COMMAND_LINE_DEVICE = /^apps\/server\/(?:bin\/device|src\/device-cli)/;

interface Import {
  readonly from: string;
  readonly start: number;
}

function importsOf(file: Source): Import[] {
  const found: Import[] = [];
  const add = (node: Node): void => {
    const source = node['source'] as { value?: unknown } | null | undefined;
    if (typeof source?.value === 'string') found.push({ from: source.value, start: node.start });
  };
  visitTree(tree(file), (node) => {
    if (['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration', 'ImportExpression'].includes(node.type)) add(node);
  });
  return found;
}

function unitOf(file: string): string | undefined {
  return Object.keys(UNITS).find((name) => file.startsWith(`${name}/`));
}

function judgeHouse(file: Source, unit: Unit, from: string, subpaths: ReadonlySet<string>): string | undefined {
  const name = from.split('/')[1] ?? '';
  if (name === 'offline' && file.path.startsWith('apps/server/') && !COMMAND_LINE_DEVICE.test(file.path))
    return 'only the command-line device of the server may import offline';
  if (!unit.house.includes(name)) return `may not import ${from}`;
  const deep = from.split('/').length > 2 && !from.endsWith('.css') && !subpaths.has(from);
  return deep ? `imports ${from}: only what the package exports is open` : undefined;
}

function judgeRelative(file: Source, unitName: string, from: string): string | undefined {
  const target = path.posix.join(path.posix.dirname(file.path), from);
  if (!target.startsWith(`${unitName}/`)) return `imports ${from} from outside its package: import the package by its name`;
  const own = /\/features\/([^/]+)\//.exec(file.path)?.[1];
  const other = /\/features\/([^/]+)\/store(?:\.js)?$/.exec(target)?.[1];
  return unitName === 'apps/server' && other !== undefined && own !== other ? `imports the store of the feature ${other}: only its index is open` : undefined;
}

function judge(file: Source, unitName: string, from: string, subpaths: ReadonlySet<string>): string | undefined {
  const unit = UNITS[unitName];
  if (!unit) return undefined;
  if (from.startsWith('.')) return judgeRelative(file, unitName, from);
  if (from.startsWith('@sallyport/')) return judgeHouse(file, unit, from, subpaths);
  if (isTest(file) && TEST_TOOLS.test(from)) return undefined;
  const name = from.startsWith('@') ? from.split('/').slice(0, 2).join('/') : (from.split('/')[0] ?? '');
  return unit.others && !unit.others.includes(name) ? `may not import ${from}` : undefined;
}

/** "@sallyport/contracts/signing" and the like: what a package.json opens beside its index. */
function openSubpaths(files: readonly Source[]): Set<string> {
  const manifests = files.filter((file) => /^packages\/[^/]+\/package\.json$/.test(file.path));
  return new Set(
    manifests.flatMap((file) => {
      const { name, exports = {} } = JSON.parse(file.text) as { name: string; exports?: Record<string, unknown> };
      return Object.keys(exports).map((key) => key.replace('.', name));
    }),
  );
}

/** npm links every package at the root, so the compiler stops no wrong import; this does. */
export const importRule: Rule = (files) => {
  const subpaths = openSubpaths(files);
  const found: Violation[] = [];
  for (const file of files.filter(isCode)) {
    const unitName = unitOf(file.path);
    if (!unitName) continue;
    for (const { from, start } of importsOf(file)) {
      const message = judge(file, unitName, from, subpaths);
      if (message) found.push(`${placeOf(file, start)} ${message}`);
    }
  }
  return found;
};
