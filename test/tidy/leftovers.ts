import { type Rule, type Source, type Violation, eachNode, isCode, nameOf } from './source.js';

const MARK = /\b(?:TODO|FIXME|XXX|HACK)\b/;
const PRINTED = /^console\.(?:log|info|warn|error|debug|trace|dir|table|group)$/;
const STOPPED = /^(?:test|it|describe|suite)(?:\.[a-z]+)*\.(?:only|skip|todo|fails|fixme)$/;

function marks(file: Source): Violation[] {
  return file.text.split('\n').flatMap((line, index) => (MARK.test(line) ? [`${file.path}:${index + 1} holds a note for later: do it or drop it`] : []));
}

/** Nothing half-done stays: no notes for later, no forgotten output, no test that is switched off. */
export const leftoverRule: Rule = (files) => {
  const code = files.filter((file) => isCode(file) && !file.path.startsWith('test/tidy/'));
  return [
    ...code.flatMap(marks),
    ...eachNode(code, (node, _around, file) => {
      if (node.type === 'DebuggerStatement') return 'stops in the debugger';
      if (node.type !== 'CallExpression') return undefined;
      const name = nameOf(node['callee']);
      if (PRINTED.test(name) && !/(?:^|\/)bin\//.test(file.path)) return `prints with ${name}: use the log`;
      return STOPPED.test(name) ? `calls ${name}: every test runs` : undefined;
    }),
  ];
};
