import { browserPorts, Terminal } from '@sallyport/offline';

declare const __BUILD__: string;

/** Calls for help overtake everything and have room of their own. */
const URGENT = ['alert.call', 'alert.withdraw'];

/** Opens the store and reads what the last boot left. Talks to nobody yet: `start` does. */
async function open(): Promise<Terminal> {
  const ports = await browserPorts({ closed: () => location.reload() });
  const screen = `${window.innerWidth}x${window.innerHeight}`;
  return Terminal.open(ports, { build: __BUILD__, urgent: URGENT, screen, userAgent: navigator.userAgent.slice(0, 300) });
}

/** This page's terminal; rejects where the store does not open. */
export const opening = open();
// Whoever waits for it hears of the failure; until then it is not an unheard one.
opening.catch(() => undefined);
