interface TypedPolicies {
  createPolicy(name: 'default', rules: { createHTML(text: string): string | null }): unknown;
}

/**
 * Lets a library empty an element by `innerHTML = ''` under `require-trusted-types-for 'script'`; every other text stays blocked.
 * React Aria's announcer does so at each change of a date's part, and the page fell over with it. Call it once, before the first screen.
 */
export function allowEmptyHtml(): void {
  const { trustedTypes } = globalThis as { trustedTypes?: TypedPolicies };
  trustedTypes?.createPolicy('default', { createHTML: (text) => (text === '' ? '' : null) });
}
