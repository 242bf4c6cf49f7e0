import { Delete } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BarePress } from './press';

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

export interface Pin {
  /** How many digits have been entered; the digits themselves leave only through `onComplete`. */
  readonly entered: number;
  readonly length: number;
  readonly press: (digit: string) => void;
  readonly remove: () => void;
  readonly clear: () => void;
}

/** Holds the digits of a PIN in memory only: never in the DOM, in state that tools show, or in storage. `onComplete` gets them once, then they are gone. */
export function usePin({ length = 6, onComplete }: { length?: number; onComplete: (pin: string) => void }): Pin {
  const typed = useRef('');
  const [entered, setEntered] = useState(0);
  const set = useCallback((value: string) => {
    typed.current = value;
    setEntered(value.length);
  }, []);
  const clear = useCallback(() => set(''), [set]);
  useEffect(
    () => () => {
      typed.current = '';
    },
    [],
  );
  return {
    entered,
    length,
    press: (digit) => {
      if (typed.current.length >= length) return;
      const value = typed.current + digit;
      if (value.length < length) return set(value);
      set('');
      onComplete(value);
    },
    remove: () => set(typed.current.slice(0, -1)),
    clear,
  };
}

/** One dot per digit, filled as they come. */
export function PinDots({ pin }: { pin: Pin }) {
  const { t } = useTranslation('common');
  return (
    <div className="dots" role="img" aria-label={t('pin.entered', { n: pin.entered, of: pin.length })}>
      {Array.from({ length: pin.length }, (_, index) => (
        <i key={index} data-on={index < pin.entered ? '' : undefined} />
      ))}
    </div>
  );
}

/** The key pad of the touch apps, keys of 15 mm at least. There is no keyboard in a cell. */
export function PinPad({ pin, isDisabled = false }: { pin: Pin; isDisabled?: boolean }) {
  const { t } = useTranslation('common');
  const key = (digit: string) => (
    <BarePress key={digit} isDisabled={isDisabled} className="pin-key" onPress={() => pin.press(digit)}>
      {digit}
    </BarePress>
  );
  return (
    <div className="pin-pad" role="group" aria-label={t('pin.label')}>
      {digits.map(key)}
      <BarePress isDisabled={isDisabled} className="pin-key" data={{ 'data-fn': '' }} onPress={pin.clear}>
        {t('action.clear')}
      </BarePress>
      {key('0')}
      <BarePress isDisabled={isDisabled} className="pin-key" data={{ 'data-fn': '' }} aria-label={t('action.delete')} onPress={pin.remove}>
        <Delete aria-hidden />
      </BarePress>
    </div>
  );
}
