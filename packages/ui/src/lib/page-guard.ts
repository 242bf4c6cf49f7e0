/** A key press, as far as the guard cares. */
export interface GuardedKey {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  /** The focus is in a text field of the page. */
  readonly editable: boolean;
}

const alwaysAllowed = new Set(['Tab', 'Enter', ' ', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']);
const whileEditing = new Set(['Backspace', 'Delete', 'Home', 'End', 'Shift', 'Process', 'Unidentified']);

/**
 * Whether a key may reach the page of a cell terminal. A list of what is allowed, because every browser has one more shortcut:
 * nothing with Ctrl, Alt or Meta, no function or media key, letters only in a text field.
 */
export function keyAllowed({ key, ctrlKey, altKey, metaKey, shiftKey, editable }: GuardedKey): boolean {
  if (ctrlKey || altKey || metaKey) return false;
  if (shiftKey && key === 'Enter') return false;
  if (alwaysAllowed.has(key)) return true;
  return editable && (whileEditing.has(key) || [...key].length === 1);
}

function isEditable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea'));
}

function stop(event: Event): void {
  if (event.cancelable) event.preventDefault();
  event.stopImmediatePropagation();
}

function onKey(event: KeyboardEvent): void {
  const { key, ctrlKey, altKey, metaKey, shiftKey } = event;
  if (!keyAllowed({ key, ctrlKey, altKey, metaKey, shiftKey, editable: isEditable(event.target) })) stop(event);
}

/** Links that would leave the page or open another one; inside the app only plain links of the same origin work. */
function leaves(link: HTMLAnchorElement): boolean {
  return link.origin !== location.origin || link.hasAttribute('download') || (link.target !== '' && link.target !== '_self');
}

function onClick(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  const modified = event.ctrlKey || event.shiftKey || event.metaKey || event.altKey;
  if (event.button !== 0 || (link && (modified || leaves(link)))) stop(event);
}

function onMouseDown(event: MouseEvent): void {
  // Buttons other than the first: autoscroll, paste, back and forward.
  if (event.button !== 0) stop(event);
}

function onSelect(event: Event): void {
  if (!isEditable(event.target)) stop(event);
}

function onTouchMove(event: TouchEvent): void {
  // Only the browser's pinch is stopped; pointer events of a second finger still reach the page.
  if (event.touches.length > 1 && event.cancelable) event.preventDefault();
}

function onWheel(event: WheelEvent): void {
  if (event.ctrlKey) stop(event);
}

const always = ['contextmenu', 'dragstart', 'dragover', 'drop', 'copy', 'cut', 'paste', 'gesturestart', 'gesturechange', 'gestureend'] as const;

/** Every listener of the guard, by event name. */
const listeners: readonly (readonly [string, (event: never) => void])[] = [
  ['keydown', onKey],
  ['keyup', onKey],
  ['keypress', onKey],
  ['click', onClick],
  ['auxclick', stop],
  ['mousedown', onMouseDown],
  ['mouseup', onMouseDown],
  ['selectstart', onSelect],
  ['touchmove', onTouchMove],
  ['wheel', onWheel],
  ...always.map((name) => [name, stop] as const),
];

/** Functions of the browser that open a window, a dialog or paper, and what they answer instead. */
function harmlessWindow(): Partial<Window> {
  return { open: () => null, print: () => undefined, alert: () => undefined, confirm: () => false, prompt: () => null };
}

/**
 * Keeps a person inside the cell terminal's page: keys, menus, new windows, links, drag, pinch, selection. The kiosk's own
 * policies are the wall; this is the door of it, and all that there is where the page runs without the shell.
 * Call it once, before the first render. Returns what takes it off again (tests only).
 */
export function installPageGuard(): () => void {
  const options = { capture: true, passive: false };
  for (const [name, listener] of listeners) window.addEventListener(name, listener as EventListener, options);
  const replaced = harmlessWindow();
  const before = Object.fromEntries(Object.keys(replaced).map((name) => [name, window[name as keyof Window]]));
  Object.assign(window, replaced);
  return () => {
    for (const [name, listener] of listeners) window.removeEventListener(name, listener as EventListener, options);
    Object.assign(window, before);
  };
}
