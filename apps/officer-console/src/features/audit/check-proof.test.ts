import type { AuditProof } from '@sallyport/contracts';
import { describe, expect, test } from 'vitest';
import { checkProof } from './check-proof';

const encoder = new TextEncoder();
const bytes = (part: string | Uint8Array) => (typeof part === 'string' ? encoder.encode(part) : part);
const base64 = (hash: Uint8Array) => btoa(String.fromCharCode(...hash));
async function sha(...parts: (string | Uint8Array)[]): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(parts.flatMap((part) => [...bytes(part)]))));
}
const node = (left: Uint8Array, right: Uint8Array) => sha(Uint8Array.of(1), left, right);
const CONTENT = { actor: { kind: 'officer' }, outcome: 'accepted', salt: 'AAAA' };
const RECORD = { id: '019390a0-0000-7000-8000-000000000001', at: '2026-11-22T00:00:00.000Z', action: 'person.move' };
const contentHash = base64(await sha('{"actor":{"kind":"officer"},"outcome":"accepted","salt":"AAAA"}'));
const leaf = await sha(Uint8Array.of(0), `{"action":"person.move","at":"${RECORD.at}","content":"${contentHash}","id":"${RECORD.id}","v":1}`);
const [first, third] = [await sha('first'), await sha('third')];
/** Three leaves, the record in the middle. */
const root = base64(await node(await node(first, leaf), third));

function proofWith(part: Partial<AuditProof> = {}): AuditProof {
  const record = { ...RECORD, contentHash, content: CONTENT };
  const path = [first, third].map(base64);
  return { format: 'sallyport-audit-proof/1', record, leafIndex: 1, path, checkpoint: `site\n3\n${root}\n\n— site abc\n`, ...part };
}

describe('the proof of one record', () => {
  test('leads from the record to the root of the checkpoint', async () => {
    expect(await checkProof(proofWith())).toEqual({ content: true, included: true, steps: 2, leafIndex: 1, size: 3, root });
  });
  test('a changed content, action, place or path is seen', async () => {
    const { record } = proofWith();
    expect(await checkProof(proofWith({ record: { ...record, content: { ...CONTENT, outcome: 'refused' } } }))).toMatchObject({
      content: false,
      included: true,
    });
    expect(await checkProof(proofWith({ record: { ...record, action: 'person.release' } }))).toMatchObject({ included: false });
    expect(await checkProof(proofWith({ leafIndex: 2 }))).toMatchObject({ included: false });
    expect(await checkProof(proofWith({ path: [] }))).toMatchObject({ included: false });
  });
  test('an erased content leaves time and action provable', async () => {
    const { record } = proofWith();
    expect(await checkProof(proofWith({ record: { ...record, content: null } }))).toMatchObject({ content: null, included: true });
  });
  test('an unreadable checkpoint proves nothing', async () => {
    expect(await checkProof(proofWith({ checkpoint: 'nothing' }))).toMatchObject({ included: false, size: null, root: null });
  });
});
