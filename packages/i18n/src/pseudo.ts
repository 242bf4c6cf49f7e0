/** A tree of texts: groups of groups, texts at the leaves. */
export interface Catalogue {
  readonly [key: string]: string | Catalogue;
}

const accented: Record<string, string> = {
  a: 'á',
  b: 'ƀ',
  c: 'ç',
  d: 'ð',
  e: 'é',
  f: 'ƒ',
  g: 'ĝ',
  h: 'ĥ',
  i: 'í',
  j: 'ĵ',
  k: 'ķ',
  l: 'ļ',
  m: 'ɱ',
  n: 'ñ',
  o: 'ô',
  p: 'þ',
  q: 'ǫ',
  r: 'ŕ',
  s: 'š',
  t: 'ţ',
  u: 'û',
  v: 'ṽ',
  w: 'ŵ',
  x: 'ẋ',
  y: 'ý',
  z: 'ž',
};
const arabic: Record<string, string> = {
  a: 'ا',
  b: 'ب',
  c: 'چ',
  d: 'د',
  e: 'ە',
  f: 'ف',
  g: 'گ',
  h: 'ھ',
  i: 'ى',
  j: 'ج',
  k: 'ك',
  l: 'ل',
  m: 'م',
  n: 'ن',
  o: 'و',
  p: 'پ',
  q: 'ق',
  r: 'ر',
  s: 'س',
  t: 'ت',
  u: 'ۇ',
  v: 'ۋ',
  w: 'ۋ',
  x: 'خ',
  y: 'ي',
  z: 'ز',
};
/** How much longer than English a translation may become before a layout has to cope: 40 %. */
const GROWTH = 0.4;

function spell(text: string, letters: Record<string, string>): string {
  return [...text].map((letter) => letters[letter.toLowerCase()] ?? letter).join('');
}

/** English made long and strange but legible, in brackets: text without brackets on a screen is text that nobody can translate. Placeholders stay. */
export function pseudoText(text: string, script: 'accented' | 'arabic'): string {
  const letters = script === 'accented' ? accented : arabic;
  const spelled = text.split(/(\{\{[^}]+\}\})/).map((part) => (part.startsWith('{{') ? part : spell(part, letters)));
  const letter = script === 'accented' ? 'ó' : 'و';
  // In short words, so that the longer text wraps where a real one would.
  const filler = letter.repeat(Math.ceil(text.length * GROWTH)).replaceAll(/(.{5})(?=.)/gu, '$1 ');
  return `[${spelled.join('')} ${filler}]`;
}

/** A whole catalogue in pseudo-language; separators (texts without a letter) stay as they are. */
export function pseudoCatalogue(catalogue: Catalogue, script: 'accented' | 'arabic'): Catalogue {
  const entries = Object.entries(catalogue).map(([key, value]) => {
    if (typeof value !== 'string') return [key, pseudoCatalogue(value, script)];
    return [key, /\p{L}/u.test(value) ? pseudoText(value, script) : value];
  });
  return Object.fromEntries(entries) as Catalogue;
}
