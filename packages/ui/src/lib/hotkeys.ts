/** What a key press is, as far as a hotkey cares. */
export interface KeyPress {
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly metaKey: boolean;
}

/** "Alt+KeyA", "Shift+Slash", "Digit1": modifiers in a fixed order, then `event.code`, which an input method does not change. */
export function chordOf({ code, ctrlKey, altKey, shiftKey, metaKey }: KeyPress): string {
  return `${ctrlKey ? 'Ctrl+' : ''}${altKey ? 'Alt+' : ''}${shiftKey ? 'Shift+' : ''}${metaKey ? 'Meta+' : ''}${code}`;
}

/** How long the second key of a sequence ("KeyG KeyQ") may take, in milliseconds. */
export const SEQUENCE_MS = 1_500;

export interface Pending {
  readonly chord: string;
  readonly at: number;
}
export interface Match {
  /** The binding that was completed. */
  readonly keys: string | null;
  /** The first key of a sequence that now waits for its second. */
  readonly pending: Pending | null;
}

/** Finds what a press completes among bindings of one chord ("KeyC") or two ("KeyG KeyQ"). `at` is monotonic milliseconds. */
export function matchHotkey(bindings: readonly string[], chord: string, pending: Pending | null, at: number): Match {
  if (pending && at - pending.at <= SEQUENCE_MS) {
    const keys = `${pending.chord} ${chord}`;
    if (bindings.includes(keys)) return { keys, pending: null };
  }
  if (bindings.includes(chord)) return { keys: chord, pending: null };
  return { keys: null, pending: bindings.some((keys) => keys.startsWith(`${chord} `)) ? { chord, at } : null };
}

/** True where keys mean text: a letter typed there is never a verdict. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=button])');
}
