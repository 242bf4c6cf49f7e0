import { type Node, type Rule, type Source, eachNode, isCode, isScreen, isTest, nameOf } from './source.js';

/** Where the machine's clock, chance, network and environment may be touched; everything else gets them passed in. */
function isEdge({ path }: Source): boolean {
  return /(?:^|\/)(?:platform|bin|kiosk-shell)\//.test(path) || path.startsWith('packages/offline/') || /\/main\.tsx?$/.test(path) || path === 'vite.config.ts';
}

const CALLS = new Set(['Date.now', 'Math.random', 'fetch', 'window.fetch', 'globalThis.fetch', 'self.fetch']);

function machineUse(node: Node): string | undefined {
  if (node.type === 'CallExpression' && CALLS.has(nameOf(node['callee']))) return nameOf(node['callee']);
  if (node.type === 'NewExpression' && nameOf(node['callee']) === 'Date' && (node['arguments'] as unknown[]).length === 0) return 'new Date()';
  if (node.type === 'MemberExpression' && nameOf(node) === 'process.env') return 'process.env';
  return undefined;
}

/** Rules and features take time, chance and configuration as arguments, so that a seed and a fake clock replay them. */
export const machineRule: Rule = (files) =>
  eachNode(
    files.filter((file) => isCode(file) && !isTest(file) && !isEdge(file)),
    (node) => {
      const use = machineUse(node);
      return use && `uses ${use}: take a Clock, Random or configuration as an argument`;
    },
  );

/** React Aria's press events survive a smeared or second finger; the browser's click does not. */
export const clickRule: Rule = (files) =>
  eachNode(
    files.filter((file) => isScreen(file) && isCode(file)),
    (node) => (node.type === 'JSXAttribute' && nameOf(node['name']) === 'onClick' ? 'uses onClick: use onPress of a component of packages/ui' : undefined),
  );

const PHYSICAL_CLASS =
  /^(?:[\w[\]=-]+:)*-?(?:(?:ml|mr|pl|pr|left|right|border-l|border-r|rounded-l|rounded-r|rounded-tl|rounded-tr|rounded-bl|rounded-br|scroll-ml|scroll-mr)-(?:\d|\[|\(|auto|px|full|none|sm|md|lg|xl)|(?:text|float|clear)-(?:left|right)$)/;
const PHYSICAL_CSS = /(?:^|[\s;{])(?:(?:margin|padding|border)-(?:left|right)\b|(?:left|right)\s*:|text-align\s*:\s*(?:left|right))/;

function physicalClass(node: Node): string | undefined {
  const text = node.type === 'Literal' ? node['value'] : node.type === 'TemplateElement' ? (node['value'] as { raw: string }).raw : undefined;
  const found = typeof text === 'string' ? text.split(/\s+/).find((word) => PHYSICAL_CLASS.test(word)) : undefined;
  return found && `uses the class ${found}: use the logical one (ms-, me-, ps-, pe-, start-, end-, text-start, text-end)`;
}

/** Pages run right to left too; left and right must follow the language. */
export const directionRule: Rule = (files) => {
  const screens = files.filter(isScreen);
  const styles = screens.filter((file) => file.path.endsWith('.css'));
  return [
    ...eachNode(screens.filter(isCode), physicalClass),
    ...styles.flatMap((file) =>
      file.text
        .split('\n')
        .flatMap((line, index) => (PHYSICAL_CSS.test(line) ? [`${file.path}:${index + 1} names left or right: use the inline properties`] : [])),
    ),
  ];
};
