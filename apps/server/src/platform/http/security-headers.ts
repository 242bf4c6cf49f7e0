import { type Audience, BRIDGE_URL } from '@sallyport/contracts';
import type { Family } from './families.js';

/** Answers of the API and plain texts load nothing at all. */
export const API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/**
 * The policy of an app's files. `nonce` admits the style elements that React Aria and Vite add; `origin` the app's own socket.
 * A cell terminal may also speak to the device bridge of its own machine, at this one address.
 * Of Trusted Types policies a terminal has `sallyport` alone, which registers the service worker; the console also has a default one, which lets an
 * element be emptied and nothing else.
 */
export function appPolicy(family: Audience, origin: string, nonce?: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${nonce ? ` 'nonce-${nonce}'` : ''}`,
    `connect-src 'self' ${origin.replace(/^http/, 'ws')}${family === 'cell' ? ` ${BRIDGE_URL}` : ''}`,
    "img-src 'self' data:",
    "media-src 'self'",
    "font-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types sallyport${family === 'console' ? ' default' : ''}`,
  ].join('; ');
}

/** Swagger UI brings its own scripts and sets styles from them; it gets no more than that. */
export const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const FEATURES_OFF = [
  'accelerometer',
  'camera',
  'clipboard-read',
  'clipboard-write',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'picture-in-picture',
  'screen-wake-lock',
  'serial',
  'usb',
];

/** Sounds of alarms must start without a touch, passkeys belong to the page itself, everything else stays off. */
const PERMISSIONS = [
  'autoplay=(self)',
  'publickey-credentials-get=(self)',
  'publickey-credentials-create=(self)',
  ...FEATURES_OFF.map((name) => `${name}=()`),
].join(', ');

/** Two years, as browsers' preload lists ask for. */
const HSTS = 'max-age=63072000; includeSubDomains';

/** The headers that every answer carries, whatever it is. */
export function commonHeaders(secure: boolean, family: Family): Record<string, string> {
  return {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': PERMISSIONS,
    ...(secure && { 'strict-transport-security': HSTS }),
    ...(family !== 'plain' && { 'origin-agent-cluster': '?1' }),
  };
}
