import { stableJson } from '@sallyport/basics';

export interface Difference {
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

function isBranch(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What differs between two documents, field by field; a list is one field. */
export function differences(from: unknown, to: unknown, path = ''): Difference[] {
  if (isBranch(from) && isBranch(to)) {
    const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
    return names.flatMap((name) => differences(from[name], to[name], path === '' ? name : `${path}.${name}`));
  }
  return stableJson(from ?? null) === stableJson(to ?? null) ? [] : [{ path, from, to }];
}
