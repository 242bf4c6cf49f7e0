import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  checkpointText,
  COSIGNATURE,
  parseCheckpoint,
  parseNote,
  parseVerifier,
  PLAIN,
  signedBy,
  signNote,
  type Verifier,
  verifierOf,
  verifierText,
} from './note.js';
import { checkCosignature, cosign } from './witness.js';

function verifier(text: string): Verifier {
  const parsed = parseVerifier(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

function note(text: string) {
  const parsed = parseNote(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

describe('signed notes of others', () => {
  // The example of Go's sumdb/note, the origin of the format.
  const key = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  const text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
  const line = '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

  test('the published example verifies with its published key', () => {
    expect(signedBy(note(`${text}\n${line}`), verifier(key))).toBe(true);
    expect(verifierText(verifier(key))).toBe(key);
  });

  test('a changed text does not', () => {
    expect(signedBy(note(`${text.replace('answer', 'Answer')}\n${line}`), verifier(key))).toBe(false);
  });

  test('a verifier key with another name or id is refused', () => {
    expect(parseVerifier(key.replace('Peter', 'Petra')).ok).toBe(false);
    expect(parseVerifier(key.replace('c74f', 'c74e')).ok).toBe(false);
    expect(parseVerifier('nothing').ok).toBe(false);
  });
});

describe('checkpoints', () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const root = Buffer.alloc(32, 7);
  const origin = 'sallyport/county';
  const signed = signNote(checkpointText({ origin, size: 20_852_163, root }), origin, privateKey);

  test('say origin, size and root, and carry the signature of their origin', () => {
    const parsed = note(signed);
    expect(parseCheckpoint(parsed.text)).toEqual({ ok: true, value: { origin, size: 20_852_163, root } });
    expect(signedBy(parsed, verifierOf(origin, createPublicKey(privateKey)))).toBe(true);
    expect(signedBy(parsed, verifierOf('sallyport/city', privateKey))).toBe(false);
    expect(signedBy(parsed, verifierOf(origin, generateKeyPairSync('ed25519').privateKey))).toBe(false);
  });

  test('a good and a bad line of the same key are a bad note', () => {
    const [text, line = ''] = signed.split('\n\n');
    const bad = `${line.slice(0, -10)}${line.at(-10) === 'A' ? 'B' : 'A'}${line.slice(-9)}`;
    expect(signedBy(note(`${text}\n\n${line}${bad}`), verifierOf(origin, privateKey))).toBe(false);
  });

  test.each(['', 'text', 'text\n\n', 'text\n\nname AAAA\n', `x\n\n${'\u2014 a AAAAAAAAAA==\n'.repeat(17)}`])('a malformed note is refused: %j', (text) => {
    expect(parseNote(text).ok).toBe(false);
  });

  test.each(['', 'a\n', 'a\n01\nAAAA\n', `a\n-1\n${root.toString('base64')}\n`, `a\n1e3\n${root.toString('base64')}\n`])(
    'a malformed checkpoint is refused: %j',
    (text) => {
      expect(parseCheckpoint(text).ok).toBe(false);
    },
  );

  describe('a second host', () => {
    const pair = generateKeyPairSync('ed25519');
    const witness = verifierOf('province/witness-1', pair.publicKey, COSIGNATURE);
    const text = note(signed).text;
    const line = cosign(text, 'province/witness-1', pair.privateKey, 1_679_315_147_900);

    test('signs that it saw a checkpoint, in whole seconds', () => {
      expect(checkCosignature(text, line, witness)).toEqual({ ok: true, value: 1_679_315_147_000 });
    });

    test('and nothing else: not another tree, not under another name, not as a plain signature', () => {
      expect(checkCosignature(text.replace('20852163', '20852164'), line, witness).ok).toBe(false);
      expect(checkCosignature(text, line, verifierOf('province/witness-2', pair.publicKey, COSIGNATURE)).ok).toBe(false);
      expect(checkCosignature(text, line, verifierOf('province/witness-1', pair.publicKey, PLAIN)).ok).toBe(false);
      expect(checkCosignature(text, 'nonsense', witness).ok).toBe(false);
    });

    test('the note with its line is still a note of the site', () => {
      expect(signedBy(note(`${signed}${line}`), verifierOf(origin, privateKey))).toBe(true);
    });
  });
});
