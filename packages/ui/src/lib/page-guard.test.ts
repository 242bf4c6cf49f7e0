import { describe, expect, test } from 'vitest';
import { type GuardedKey, keyAllowed } from './page-guard';

function press(chord: string, editable = false): GuardedKey {
  const parts = chord.split('+');
  const has = (name: string) => parts.slice(0, -1).includes(name);
  const key = parts.at(-1) ?? '';
  return { key: key === 'Space' ? ' ' : key, ctrlKey: has('Ctrl'), altKey: has('Alt'), metaKey: has('Meta'), shiftKey: has('Shift'), editable };
}

describe('keys on a cell terminal', () => {
  test.each([
    'Ctrl+w',
    'Ctrl+F4',
    'Ctrl+Shift+w',
    'Alt+F4',
    'Ctrl+q',
    'Ctrl+n',
    'Ctrl+t',
    'Ctrl+Shift+t',
    'Ctrl+l',
    'Alt+d',
    'F6',
    'Ctrl+k',
    'F1',
    'F11',
    'Escape',
    'F12',
    'Ctrl+Shift+i',
    'Ctrl+u',
    'Ctrl+o',
    'Ctrl+s',
    'Ctrl+p',
    'Ctrl+h',
    'Ctrl+j',
    'Ctrl+Shift+Delete',
    'Shift+Escape',
    'Alt+ArrowLeft',
    'BrowserBack',
    'Alt+Home',
    'BrowserHome',
    'Ctrl+-',
    'Ctrl+0',
    'F7',
    'Ctrl+f',
    'F3',
    'ContextMenu',
    'Shift+F10',
    'Meta',
    'Alt+Tab',
    'Alt+Space',
    'PrintScreen',
    'F5',
    'Ctrl+r',
    'Shift+Enter',
    'LaunchMail',
    'MediaPlayPause',
    'Backspace',
    "'",
    '/',
    'a',
  ])('%s is stopped', (chord) => expect(keyAllowed(press(chord))).toBe(false));

  test.each(['Tab', 'Shift+Tab', 'Enter', 'Space', 'ArrowUp', 'ArrowRight'])('%s moves and presses', (chord) => expect(keyAllowed(press(chord))).toBe(true));

  test.each(['a', '7', 'Backspace', 'Shift+K', '汉'])('%s types in a text field', (chord) => expect(keyAllowed(press(chord, true))).toBe(true));
  test.each(['Ctrl+v', 'Ctrl+a', 'F1', 'Escape', 'Meta+v'])('%s is stopped in a text field too', (chord) => expect(keyAllowed(press(chord, true))).toBe(false));
});
