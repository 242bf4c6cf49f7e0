/** Fields and pressed states that could show the next person something of the last. */
function emptyFields(root: Document): void {
  for (const field of root.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea')) field.value = '';
  if (root.activeElement instanceof HTMLElement) root.activeElement.blur();
  root.getSelection()?.removeAllRanges();
}

/**
 * Ends a person's session on this page: fields, focus, selection, session storage and history state go. The outbox stays; it is sealed
 * and this terminal cannot read it. The caller drops its own state (React unmounts the person's screens).
 */
export function wipePersonalState(): void {
  emptyFields(document);
  sessionStorage.clear();
  history.replaceState(null, '', location.pathname);
}
