import { type PublicJwk, publicJwk } from '@sallyport/contracts';

/** The public key as a reader's own page gives it, or null while the text is none. A private part is not taken: it should never leave the reader. */
export function readKey(text: string): PublicJwk | null {
  try {
    const parsed = publicJwk.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** RFC 7638 thumbprint, base64url: what the reader shows beside its key, so that the officer compares two short texts. */
export async function thumbprintOf({ kty, crv, x, y }: PublicJwk): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify({ crv, kty, x, y })));
  const base64 = btoa(String.fromCharCode(...new Uint8Array(digest)));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
