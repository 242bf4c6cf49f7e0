import { stableJson } from '@sallyport/basics';
import { actText } from '@sallyport/contracts';
import { base64url, type Draft } from '@sallyport/offline';

/** SHA-256 of an act's text in base64url: what a key or a reader signs, so that the proof serves this act and no other, off line too. */
export async function actHash(draft: Draft): Promise<string> {
  const text = actText(draft, stableJson(draft.body));
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
}
