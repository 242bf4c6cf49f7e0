import { touchPath } from '@sallyport/contracts';
import { useEffect } from 'react';
import { lock } from '../features/access/ceremonies';
import { useSession } from '../features/access/session';
import { postJson } from '../platform/api';

const SIGNS_OF_LIFE = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;
const CHECK_MS = 1_000;
/** The server takes a sign of life at most this often. */
const TOUCH_MS = 20_000;

/**
 * Locks the console when nobody has touched it for so long; the server holds the same clock and refuses what comes later.
 * Somebody who only reads sends no command, so the server is told now and then that they are there.
 */
export function useIdleLock(afterSeconds: number): void {
  const { reread } = useSession();
  useEffect(() => {
    let lastSign = performance.now();
    let lastTouch = lastSign;
    let locking = false;
    const seen = () => {
      lastSign = performance.now();
      if (lastSign - lastTouch < TOUCH_MS) return;
      lastTouch = lastSign;
      // When it does not arrive, the next one does, or the server locks: then the console asks for the key.
      void postJson(touchPath, {}).catch(() => undefined);
    };
    const timer = setInterval(() => {
      if (locking || performance.now() - lastSign < afterSeconds * 1_000) return;
      locking = true;
      void lock().finally(reread);
    }, CHECK_MS);
    for (const sign of SIGNS_OF_LIFE) window.addEventListener(sign, seen, { passive: true });
    return () => {
      clearInterval(timer);
      for (const sign of SIGNS_OF_LIFE) window.removeEventListener(sign, seen);
    };
  }, [afterSeconds, reread]);
}
