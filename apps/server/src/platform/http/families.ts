import type { Audience } from '@sallyport/contracts';
import type { Config } from '../config/index.js';

/** Which app family a host name belongs to; `plain` is every other name, where only the index and the open routes answer. */
export type Family = Audience | 'plain';

/** The app that each family serves, by its folder below apps/. */
export const APP_OF: Readonly<Record<Audience, string>> = { cell: 'cell-terminal', hall: 'reception-kiosk', console: 'officer-console' };

/** Tells families apart by host name; the port plays no part, so that a proxy may change it. */
export function createFamilyOf(origins: Config['origins']): (host: string | undefined) => Family {
  const families = new Map(Object.entries(origins).map(([family, origin]) => [new URL(origin).hostname, family as Audience]));
  return (host) => families.get((host ?? '').replace(/:\d+$/, '').toLowerCase()) ?? 'plain';
}

/** What of a request decides whether a page of another origin sent it. */
export interface Provenance {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly 'sec-fetch-site'?: string | string[] | undefined;
}

/**
 * Whether a request that may change something comes from a page of its own origin, or from a program that is no browser.
 * Cookies ride on every request to a host; this keeps a page elsewhere from using them. Also asked before a socket opens.
 */
export function isOwnOrigin(headers: Provenance, origins: Config['origins'], familyOf: (host: string | undefined) => Family): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  if (headers.origin === undefined) return true;
  const family = familyOf(headers.host);
  if (family !== 'plain') return headers.origin === origins[family];
  return URL.canParse(headers.origin) && new URL(headers.origin).host === headers.host;
}
