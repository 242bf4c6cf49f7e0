import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { usePressGuard } from '../lib/press-guard';

export interface PressProps {
  readonly onPress?: (() => void) | undefined;
  readonly children?: ReactNode;
  /** `main`: the one main act of a page. `quiet`: no fill. `danger`: only for the call for help. */
  readonly tone?: 'plain' | 'main' | 'quiet' | 'danger';
  /** At least 30 mm high, marked for the size test. */
  readonly primary?: boolean;
  /** Ignores a second press within 600 ms; on by default for main acts. */
  readonly guard?: boolean;
  readonly isDisabled?: boolean;
  readonly autoFocus?: boolean;
  readonly 'aria-label'?: string;
  readonly id?: string;
  readonly className?: string;
}

interface BareProps extends Omit<PressProps, 'tone' | 'primary'> {
  readonly data?: Record<`data-${string}`, string | boolean | undefined>;
}

/** The base of everything that can be pressed: React Aria's press, which survives a smeared or second finger. Never a click handler. */
export function BarePress({ onPress, children, guard = false, className = '', data, isDisabled = false, ...rest }: BareProps) {
  const guarded = usePressGuard(onPress, guard);
  return (
    <Button {...rest} {...data} isDisabled={isDisabled} className={`press ${className}`} onPress={() => guarded?.()}>
      {children}
    </Button>
  );
}

/** A button of a touch page, 20 mm high at least. */
export function Press({ tone = 'plain', primary = false, guard = tone === 'main', className = '', ...rest }: PressProps) {
  return <BarePress {...rest} guard={guard} className={`press-act ${className}`} data={{ 'data-tone': tone, ...(primary ? { 'data-primary': '' } : {}) }} />;
}
