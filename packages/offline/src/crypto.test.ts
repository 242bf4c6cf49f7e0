import { compactDecrypt, importJWK } from 'jose';
import { checkDigits, checkText, sealedContent } from '@sallyport/contracts';
import { describe, expect, test } from 'vitest';
import { fileKeys, lockedKeys, padded, seal } from './crypto.js';

describe('keys and seal', () => {
  test('the private key of a browser cannot be read out, and its signature verifies in raw form', async () => {
    const key = await lockedKeys.create();
    expect((key.kept as CryptoKey).extractable).toBe(false);
    await expect(crypto.subtle.exportKey('jwk', key.kept as CryptoKey)).rejects.toThrow();
    const signature = Buffer.from(await lockedKeys.sign(key.kept, 'text'), 'base64url');
    expect(signature).toHaveLength(64);
    const open = await crypto.subtle.importKey('jwk', { ...key.publicKey }, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
    expect(await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, open, signature, Buffer.from('text'))).toBe(true);
  });

  test('sealed content opens only with the server key, names key and command, and fits the contract', async () => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
    const jwk = await crypto.subtle.exportKey('jwk', pair.publicKey);
    const publicKey = { kty: 'EC' as const, crv: 'P-256' as const, x: jwk.x ?? '', y: jwk.y ?? '' };
    const content = { body: { person: { bed: 3 } }, proof: { kind: 'pin' as const, person: { bed: 3 }, pin: '123456' } };
    const jwe = await seal(content, { kid: 'k1', jwk: publicKey }, 'command-1');
    expect(jwe).not.toContain('123456');
    const opened = await compactDecrypt(jwe, await importJWK(await crypto.subtle.exportKey('jwk', pair.privateKey), 'ECDH-ES'));
    expect(opened.protectedHeader).toMatchObject({ alg: 'ECDH-ES', enc: 'A256GCM', kid: 'k1', cid: 'command-1' });
    expect(sealedContent.parse(JSON.parse(new TextDecoder().decode(opened.plaintext)))).toMatchObject(content);
  });

  test('lengths tell little: every content fills whole blocks of 256 bytes, Chinese words too', () => {
    for (let length = 0; length < 300; length += 7) {
      const bytes = padded({ body: { remark: '吵'.repeat(length) } });
      expect(bytes.length % 256).toBe(0);
      expect(sealedContent.safeParse(JSON.parse(new TextDecoder().decode(bytes))).success).toBe(true);
    }
  });

  test('keys of a file sign after a restart', async () => {
    const key = await fileKeys.create();
    const kept = JSON.parse(JSON.stringify(key.kept)) as unknown;
    expect(await fileKeys.sign(kept, 'a')).toMatch(/^[\w-]{86}$/);
  });

  test('the check value has six digits and changes with either key', async () => {
    const one = { kty: 'EC', crv: 'P-256', x: 'a', y: 'b' } as const;
    const two = { ...one, x: 'c' };
    const digits = await Promise.all(
      [checkText('d', one, two), checkText('d', two, two), checkText('d', one, one)].map(async (text) => checkDigits(await fileKeys.sha256(text))),
    );
    expect(new Set(digits).size).toBe(3);
    for (const value of digits) expect(value).toMatch(/^\d{6}$/);
  });
});
