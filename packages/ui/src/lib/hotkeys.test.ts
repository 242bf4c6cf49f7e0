import { expect, test } from 'vitest';
import { chordOf, matchHotkey, SEQUENCE_MS } from './hotkeys';

const plain = { ctrlKey: false, altKey: false, shiftKey: false, metaKey: false };
const bindings = ['KeyC', 'Digit1', 'KeyG KeyQ', 'KeyG KeyD', 'Alt+KeyA'];

test('chords name modifiers in a fixed order', () => {
  expect(chordOf({ ...plain, code: 'KeyC' })).toBe('KeyC');
  expect(chordOf({ ctrlKey: true, altKey: true, shiftKey: true, metaKey: true, code: 'KeyK' })).toBe('Ctrl+Alt+Shift+Meta+KeyK');
});
test('one key acts at once, with its modifiers only', () => {
  expect(matchHotkey(bindings, 'Digit1', null, 0).keys).toBe('Digit1');
  expect(matchHotkey(bindings, 'Ctrl+KeyC', null, 0).keys).toBeNull();
});
test('a sequence acts on its second key, within its time', () => {
  const { keys, pending } = matchHotkey(bindings, 'KeyG', null, 100);
  expect(keys).toBeNull();
  expect(matchHotkey(bindings, 'KeyQ', pending, 100 + SEQUENCE_MS).keys).toBe('KeyG KeyQ');
  expect(matchHotkey(bindings, 'KeyQ', pending, 101 + SEQUENCE_MS).keys).toBeNull();
});
test('another key ends a sequence and still acts for itself', () => {
  const { pending } = matchHotkey(bindings, 'KeyG', null, 0);
  expect(matchHotkey(bindings, 'KeyC', pending, 10)).toEqual({ keys: 'KeyC', pending: null });
});
