import type { Workbox } from 'workbox-window';

/** A newer build that is stored and waits. */
export interface ShellUpdates {
  /** Makes the waiting build the page's own and loads it; to be called at the idle screen only. Does nothing while none waits. */
  activate(): void;
  /** Looks for a newer build now. */
  look(): void;
}

/**
 * Registers the service worker that keeps the whole application shell for a start with no network. `waiting` is called when a newer
 * build is ready. The old build's files stay until then, so that an open page never breaks. Resolves to null where the browser has no
 * service workers.
 */
export async function keepShell(script: string, waiting: () => void): Promise<ShellUpdates | null> {
  if (!('serviceWorker' in navigator)) return null;
  const { Workbox } = await import('workbox-window');
  const worker: Workbox = new Workbox(trusted(script) as string);
  let ready = false;
  let asked = false;
  worker.addEventListener('waiting', () => {
    ready = true;
    waiting();
  });
  worker.addEventListener('controlling', () => {
    if (asked) location.reload();
  });
  // Without a worker the page works on line; the next start tries again.
  await worker.register().catch(() => undefined);
  return {
    activate() {
      if (!ready) return;
      asked = true;
      worker.messageSkipWaiting();
    },
    look: () => void worker.update().catch(() => undefined),
  };
}

interface TypedPolicies {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): unknown };
}

/** Under `require-trusted-types-for 'script'` only this one script may be registered. */
function trusted(script: string): unknown {
  const { trustedTypes } = globalThis as { trustedTypes?: TypedPolicies };
  if (!trustedTypes) return script;
  const rules = {
    createScriptURL(url: string): string {
      if (url !== script) throw new TypeError('not the service worker of this app');
      return url;
    },
  };
  return trustedTypes.createPolicy('sallyport', rules).createScriptURL(script);
}
