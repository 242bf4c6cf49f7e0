import { SECOND } from '@sallyport/basics';
import { useEffect, useRef, useState } from 'react';
import { useHouse } from '../../shell/terminal-context';

/** Whoever is at the terminal when a roll call begins has so long to finish. */
const TO_FINISH = 20;

/**
 * A roll call never takes a person's task off the screen at once: a tone and a count-down first.
 * `waiting` is the roll call that waits behind a task, or null. Gives the seconds left, or null; `onDue` is called when they are over.
 */
export function useRollCallSoon(waiting: string | null, volume: number, onDue: () => void): number | null {
  const { sound } = useHouse();
  const [left, setLeft] = useState(TO_FINISH);
  const due = useRef(onDue);
  due.current = onDue;
  // The volume of the moment is right; a change of theme is no new notice.
  const loud = useRef(volume);
  loud.current = volume;
  useEffect(() => {
    if (waiting === null) return;
    setLeft(TO_FINISH);
    sound.play('reminder', loud.current);
    const timer = setInterval(() => setLeft((before) => before - 1), SECOND);
    return () => clearInterval(timer);
  }, [waiting, sound]);
  useEffect(() => {
    if (waiting !== null && left <= 0) due.current();
  }, [waiting, left]);
  return waiting === null ? null : Math.max(0, left);
}
