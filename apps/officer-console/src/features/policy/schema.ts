/** The part of JSON Schema that the policy document uses. */
export interface Node {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly enum?: readonly (string | number)[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly description?: string;
  readonly default?: unknown;
}
export type Path = readonly (string | number)[];

/** Where one value of the document is and what may stand there. */
export interface Field {
  readonly path: Path;
  readonly node: Node;
}

/** True for the groups of the document; a value in braces (a span of time) is a field of its own. */
export function isGroup({ node, path }: Field): boolean {
  return node.properties !== undefined && !isSpan(node) && !path.some((step) => typeof step === 'number');
}

/** From one time of day to another. */
export function isSpan({ properties }: Node): boolean {
  return properties !== undefined && Object.keys(properties).join(' ') === 'start end';
}

/** A time of day: the only texts of the document that have a pattern. */
export function isClock({ type, pattern }: Node): boolean {
  return type === 'string' && pattern !== undefined;
}

export function childrenOf({ node, path }: Field): Field[] {
  return Object.entries(node.properties ?? {}).map(([name, child]) => ({ path: [...path, name], node: child }));
}

export function valueAt(document: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[step] : undefined),
    document,
  );
}

/** The document with another value at a path; nothing else is touched. */
export function withValue<Document>(document: Document, [step, ...rest]: Path, value: unknown): Document {
  if (step === undefined) return value as Document;
  const inner = withValue(valueAt(document, [step]), rest, value);
  if (Array.isArray(document)) return document.map((item: unknown, index) => (index === step ? inner : item)) as Document;
  return { ...document, [step]: inner };
}

/** A first value for a new item of a list. */
export function emptyOf(node: Node): unknown {
  if (node.default !== undefined) return node.default;
  if (node.properties) return Object.fromEntries(Object.entries(node.properties).map(([name, child]) => [name, emptyOf(child)]));
  if (node.type === 'array') return node.items ? [emptyOf(node.items)] : [];
  if (node.enum) return node.enum[0];
  if (isClock(node)) return '12:00';
  return node.type === 'string' ? '' : (node.minimum ?? 0);
}
