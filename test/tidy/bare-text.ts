import { type Node, type Rule, eachNode, isCode, isScreen, nameOf } from './source.js';

const LETTER = /\p{L}{2}/u;
const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Arabic}\p{Script=Tibetan}\p{Script=Mongolian}]/u;
/** Attributes whose text a person sees or hears. */
const SPOKEN = new Set(['aria-label', 'aria-description', 'aria-placeholder', 'title', 'placeholder', 'alt', 'label', 'description', 'errorMessage']);

function bareText(node: Node, around: readonly Node[]): string | undefined {
  if (node.type === 'JSXText' && LETTER.test(String(node['value']))) return `shows the text "${String(node['value']).trim()}"`;
  if (node.type !== 'Literal' || typeof node['value'] !== 'string') return undefined;
  const attribute = around.at(-1);
  if (attribute?.type === 'JSXAttribute' && SPOKEN.has(nameOf(attribute['name'])) && LETTER.test(node['value']))
    return `gives ${nameOf(attribute['name'])} the text "${node['value']}"`;
  return CJK.test(node['value']) ? `holds the text "${node['value']}"` : undefined;
}

/** Every word for people comes from the catalogues, or a language would be missing it. */
export const bareTextRule: Rule = (files) =>
  eachNode(
    files.filter((file) => isScreen(file) && isCode(file)),
    (node, around) => {
      const found = bareText(node, around);
      return found && `${found}: put it into packages/i18n and use its key`;
    },
  );
