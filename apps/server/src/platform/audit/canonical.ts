import { assert } from '@sallyport/basics';

/** Characters that a PostgreSQL text or jsonb cannot hold: NUL and halves of surrogate pairs. */
const UNSTORABLE = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** The same as `JSON.stringify` writes them: only where one stands has every text to be looked at. */
const ESCAPED_UNSTORABLE = /\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/** Text as the database gives it back: what it cannot hold becomes U+FFFD. */
export function storableText(text: string): string {
  return text.replace(UNSTORABLE, '\ufffd');
}

/**
 * A value as it comes back from a jsonb column: absent members left out, dates as text, text storable.
 * @throws AssertionError for what JSON cannot say at all.
 */
export function storableJson(value: unknown): unknown {
  const text = JSON.stringify(value) as string | undefined;
  assert(text !== undefined, 'a value that JSON can say');
  const said: unknown = JSON.parse(text);
  return ESCAPED_UNSTORABLE.test(text) ? storable(said) : said;
}

function storable(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(storable);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [storableText(key), storable(member)]));
}

/**
 * RFC 8785 (JSON canonicalization): members in code-unit order, no spaces, so that any program in any language hashes the same bytes.
 * `stableJson` would put members that look like numbers first. Takes what `storableJson` gives; absent members are left out.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
