import { type Node, type Source, type Violation, isCode, nameOf, tree, visitTree } from './source.js';

export const LONGEST_FUNCTION = 70;
export const LONGEST_FILE = 400;
const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);
/** Lists of words, people and tables are long by nature. */
const LISTS = /(?:^|\/)(?:catalogues?|seed|migrations)\/|\/source-[a-z]+\.ts$|\/db\/schema\.ts$|(?:^|\/)(?:zh-CN|en)[\w-]*\.ts$/;

function lines(text: string): number {
  return text.split('\n').length;
}

/** A group of tests is a list and no function of its own. */
function isTestGroup(around: readonly Node[]): boolean {
  const call = around.at(-1);
  return call?.type === 'CallExpression' && /^(?:test\.)?(?:describe|suite)(?:\.|$)/.test(nameOf(call['callee']) || nameOf((call['callee'] as Node)['callee']));
}

function nameOfFunction(node: Node, around: readonly Node[]): string {
  const parent = around.at(-1);
  return nameOf(node['id']) || nameOf(parent?.['id']) || nameOf(parent?.['key']) || 'anonymous';
}

/** Sizes over the limits: "path" for a file, "path#name" for a function, in lines. */
export function oversize(files: readonly Source[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const file of files.filter((one) => isCode(one) && !LISTS.test(one.path))) {
    if (lines(file.text) > LONGEST_FILE) found.set(file.path, lines(file.text));
    visitTree(tree(file), (node, around) => {
      if (!FUNCTIONS.has(node.type) || isTestGroup(around)) return;
      const size = lines(file.text.slice(node.start, node.end));
      if (size > LONGEST_FUNCTION) found.set(`${file.path}#${nameOfFunction(node, around)}`, size);
    });
  }
  return found;
}

/** What is over the limits must be on the list, and may only shrink; what has shrunk below them leaves the list. */
export function sizeViolations(files: readonly Source[], ratchet: Readonly<Record<string, number>>): Violation[] {
  const found = oversize(files);
  const grown = [...found]
    .filter(([name, size]) => size > (ratchet[name] ?? 0))
    .map(([name, size]) => `${name} has ${size} lines, allowed are ${ratchet[name] ?? (name.includes('#') ? LONGEST_FUNCTION : LONGEST_FILE)}: split it`);
  const shrunk = Object.keys(ratchet)
    .filter((name) => (found.get(name) ?? 0) < (ratchet[name] ?? 0))
    .map((name) => `${name} has become smaller: lower its line in test/tidy/size-ratchet.json to ${found.get(name) ?? 'nothing'}`);
  return [...grown, ...shrunk];
}
