import { createContext, type ReactNode, useContext, useEffect, useRef } from 'react';
import { chordOf, isTyping, matchHotkey, type Pending } from './hotkeys';

export interface Hotkey {
  /** One chord ("KeyC", "Digit1", "Alt+KeyA", "Shift+Slash") or two ("KeyG KeyQ"), by `event.code`. */
  readonly keys: string;
  readonly run: () => void;
  /** Works while a dialog is open too; for the keys of that dialog. */
  readonly inDialog?: boolean;
  readonly isDisabled?: boolean;
}

const HotkeySwitch = createContext(true);

/** Switches all hotkeys inside on or off (WCAG 2.1.4): they must not be in the way of speech input or a trembling hand. */
export function HotkeysProvider({ enabled, children }: { enabled: boolean; children: ReactNode }) {
  return <HotkeySwitch value={enabled}>{children}</HotkeySwitch>;
}

const pressesItself = 'button, a[href], [role=button], [role=row], [role=option], [role=tab], [role=checkbox], summary';

/** Enter and Space belong to the thing that has the focus. */
function belongsToFocus(event: KeyboardEvent): boolean {
  return (event.code === 'Enter' || event.code === 'Space') && event.target instanceof Element && event.target.closest(pressesItself) !== null;
}

function isForOthers(event: KeyboardEvent): boolean {
  const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
  return event.isComposing || event.repeat || event.defaultPrevented || (plain && isTyping(event.target)) || belongsToFocus(event);
}

/** Keys of a page. Silent while an input method composes, while text is typed, and under an open dialog. */
export function useHotkeys(hotkeys: readonly Hotkey[]): void {
  const enabled = useContext(HotkeySwitch);
  const current = useRef(hotkeys);
  current.current = hotkeys;
  useEffect(() => {
    if (!enabled) return;
    let pending: Pending | null = null;
    const listen = (event: KeyboardEvent) => {
      if (isForOthers(event)) return;
      const underDialog = document.querySelector('[role=dialog], [role=alertdialog]') !== null;
      const live = current.current.filter((hotkey) => !hotkey.isDisabled && (!underDialog || hotkey.inDialog === true));
      const match = matchHotkey(
        live.map(({ keys }) => keys),
        chordOf(event),
        pending,
        performance.now(),
      );
      pending = match.pending;
      const found = live.find(({ keys }) => keys === match.keys);
      if (!found) return;
      event.preventDefault();
      found.run();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [enabled]);
}
