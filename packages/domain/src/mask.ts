/** Dots that part the names of people whose names have parts, all written as one. */
const NAME_DOTS = /[·•‧・．∙]/u;
const HAN_NAME = /^\p{Script=Han}+$/u;
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

function letters(text: string): string[] {
  return Array.from(graphemes.segment(text), (part) => part.segment);
}

function maskHan(parts: readonly string[]): string {
  const first = parts[0] ?? '';
  if (parts.length <= 1) return '*';
  if (parts.length === 2) return `${first}*`;
  return `${first}${'*'.repeat(parts.length - 2)}${parts.at(-1)}`;
}

/**
 * A name as a screen may show it that others can read. Han: 张三 张*, 张伟三 张*三, 欧阳娜娜 欧**娜. Names in parts: first letter of
 * each part and two stars, whatever its length. Other scripts: first letter and three stars. The number, not the name, identifies (MASK1).
 */
export function maskName(name: string): string {
  const text = name.trim();
  const parts = text
    .split(NAME_DOTS)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length === 0) return '*';
  if (parts.length > 1) return parts.map((part) => `${letters(part)[0] ?? ''}**`).join('·');
  return HAN_NAME.test(text) ? maskHan(letters(text)) : `${letters(text)[0] ?? ''}***`;
}

/** First `start` and last `end` characters, stars between; a text too short to hide anything is all stars. */
function maskMiddle(text: string, start: number, end: number): string {
  const value = text.trim();
  const hidden = value.length - start - end;
  if (hidden < 1) return '*'.repeat(value.length);
  return `${value.slice(0, start)}${'*'.repeat(hidden)}${value.slice(value.length - end)}`;
}

/** 310***********12 for an identity number (MASK2). */
export function maskIdNumber(number: string): string {
  return maskMiddle(number, 3, 2);
}

/** The last two digits of a telephone number (MASK2). */
export function maskPhone(phone: string): string {
  return maskMiddle(phone, 0, 2);
}
