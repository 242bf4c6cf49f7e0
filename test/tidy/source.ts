import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A file of the repository. `path` is relative to its root, with forward slashes. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** A place that breaks a rule, as the person reads it. */
export type Violation = string;

/** Looks at all files at once and names every place that breaks it. */
export type Rule = (files: readonly Source[]) => Violation[];

/** A node of the syntax tree (ESTree with TypeScript and JSX). */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [member: string]: unknown;
}

const NOT_OURS = new Set(['node_modules', 'dist', '.git', 'test-results', 'playwright-report', 'data', '.vite', '.stamp']);
const TEXT = /\.(?:ts|tsx|mjs|json|css|html|sql|md|sh|yml|service|rules|webmanifest)$|(?:^|\/)(?:run|LICENSE|\.[a-z]+)$/;

function walk(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (NOT_OURS.has(entry.name) || entry.name.startsWith('data-') || entry.name.endsWith('.tsbuildinfo')) return [];
    if (entry.isDirectory()) return walk(name);
    return TEXT.test(name) ? [name] : [];
  });
}

/** Every text file that belongs to the repository. */
export function readSources(): Source[] {
  return walk('').map((name) => ({ path: name, text: readFileSync(path.join(ROOT, name), 'utf8') }));
}

export const isCode = ({ path: name }: Source): boolean => /\.(?:ts|tsx|mjs)$/.test(name);
export const isTest = ({ path: name }: Source): boolean =>
  name.startsWith('test/') || /\.(?:test|spec|fixture)\.tsx?$/.test(name) || /\/testing(?:\/|\.ts$)/.test(name);
/** Files that run in the browser and show something to people. */
export const isScreen = (file: Source): boolean =>
  /^(?:packages\/ui|apps\/(?:cell-terminal|reception-kiosk|officer-console))\/src\//.test(file.path) && !isTest(file);

const trees = new Map<string, Node>();

/** The syntax tree of a file. A file that does not parse is the compiler's to report and has an empty tree here. */
export function tree({ path: name, text }: Source): Node {
  const known = trees.get(`${name}\0${text}`);
  if (known) return known;
  const program = parseSync(name.replace(/\.mjs$/, '.js'), text).program as unknown as Node;
  trees.set(`${name}\0${text}`, program);
  return program;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((member) => (Array.isArray(member) ? member.filter(isNode) : isNode(member) ? [member] : []));
}

/** Calls `visit` with every node and the nodes around it, the nearest last. */
export function visitTree(root: Node, visit: (node: Node, around: readonly Node[]) => void): void {
  const go = (node: Node, around: readonly Node[]): void => {
    visit(node, around);
    const within = [...around, node];
    for (const child of childrenOf(node)) go(child, within);
  };
  go(root, []);
}

/** "path:line" of a position. */
export function placeOf(file: Source, start: number): string {
  return `${file.path}:${file.text.slice(0, start).split('\n').length}`;
}

/** The name of `a.b` or `a` as text; empty for anything else. */
export function nameOf(node: unknown): string {
  if (!isNode(node)) return '';
  if (node.type === 'Identifier' || node.type === 'JSXIdentifier') return String(node['name']);
  if (node.type === 'MemberExpression') return `${nameOf(node['object'])}.${nameOf(node['property'])}`;
  return '';
}

/** Reports every node of the files for which `find` has something to say. */
export function eachNode(files: readonly Source[], find: (node: Node, around: readonly Node[], file: Source) => string | undefined): Violation[] {
  const found: Violation[] = [];
  for (const file of files) {
    visitTree(tree(file), (node, around) => {
      const message = find(node, around, file);
      if (message) found.push(`${placeOf(file, node.start)} ${message}`);
    });
  }
  return found;
}
