import { expect, test } from 'vitest';
import { closureOf, entriesOf, staticImports } from './first-route.js';

test('a page loads its module scripts and what it preloads, and nothing else', () => {
  const html = '<link rel="modulepreload" href="/assets/a.js"><script type="module" crossorigin src="/assets/b.js"></script><link rel="icon" href="/x.svg">';
  expect(entriesOf(html)).toEqual(['assets/a.js', 'assets/b.js']);
});

test('static imports of built code are found; those on demand are not', () => {
  const code = 'import{a as b}from"./a.js";import*as c from"./b.js";import"./c.js";export{d}from"./d.js";const e=import("./later.js");f("import x");';
  expect(staticImports(code)).toEqual(['./a.js', './b.js', './c.js', './d.js']);
});

test('files that import one another are each counted once', () => {
  const files: Record<string, string> = { 'assets/a.js': 'import"./b.js";', 'assets/b.js': 'import"./a.js";import"./c.js";', 'assets/c.js': '' };
  expect(closureOf(['assets/a.js'], (file) => files[file] ?? '')).toEqual(['assets/a.js', 'assets/b.js', 'assets/c.js']);
});
