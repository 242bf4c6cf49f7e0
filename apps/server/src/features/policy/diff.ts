import { stableJson } from '@sallyport/basics';
import type { PolicyDocument } from '@sallyport/contracts';

export interface PolicyDifference {
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

function isBranch(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : stableJson(value);
}

function compare(path: string, from: unknown, to: unknown): PolicyDifference[] {
  if (isBranch(from) && isBranch(to)) {
    const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
    return keys.flatMap((key) => compare(path === '' ? key : `${path}.${key}`, from[key], to[key]));
  }
  const [before, after] = [shown(from), shown(to)];
  return before === after ? [] : [{ path, from: before, to: after }];
}

/** What differs between two documents, field by field; a list is one field. Texts are JSON, strings without quotes. */
export function policyDifferences(from: PolicyDocument, to: PolicyDocument): PolicyDifference[] {
  return compare('', from, to);
}
