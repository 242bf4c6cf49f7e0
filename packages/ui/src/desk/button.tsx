import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { Link } from 'react-aria-components/Link';
import { usePressGuard } from '../lib/press-guard';

/** A key as it stands on a button or in the foot. */
export function Kbd({ children }: { children: ReactNode }) {
  return <kbd className="kbd">{children}</kbd>;
}

export interface ButtonProps {
  readonly children?: ReactNode;
  readonly icon?: LucideIcon;
  /** The key that does the same; shown on the button. Register it with `useHotkeys`. */
  readonly hotkey?: string | undefined;
  readonly tone?: 'plain' | 'primary' | 'danger' | 'danger-quiet' | 'quiet';
  readonly size?: 'sm' | 'md' | 'lg';
  readonly type?: 'button' | 'submit' | 'reset';
  readonly onPress?: (() => void) | undefined;
  /** Ignores a second press within 600 ms; for acts that commit. */
  readonly guard?: boolean;
  readonly isDisabled?: boolean;
  readonly isPending?: boolean;
  readonly autoFocus?: boolean;
  readonly slot?: string;
  readonly form?: string;
  readonly id?: string;
  readonly 'aria-label'?: string;
}

/** A button of the desk. One `primary` per panel, with the effect in its label. */
export function Button({ children, icon: Icon, hotkey, tone = 'plain', size = 'md', onPress, guard = false, ...rest }: ButtonProps) {
  const act = usePressGuard(onPress, guard);
  return (
    <AriaButton {...rest} className="btn" data-tone={tone} data-size={size} {...(act ? { onPress: () => act() } : {})}>
      {Icon && <Icon aria-hidden />}
      {children}
      {hotkey && <Kbd>{hotkey}</Kbd>}
    </AriaButton>
  );
}

/** Opens another system of the site beside the console, which it can neither read nor steer. Looks like a button, because one press must do. */
export function OutsideLink({ href, icon: Icon, children }: { href: string; icon: LucideIcon; children: ReactNode }) {
  return (
    <Link className="btn" data-tone="plain" data-size="lg" href={href} target="_blank" rel="noopener noreferrer">
      <Icon aria-hidden />
      {children}
    </Link>
  );
}

/** A small word on a quiet ground; `line` is an outline. Never the only sign of a state. */
export function Tag({
  tone = 'plain',
  icon: Icon,
  children,
}: {
  tone?: 'plain' | 'ok' | 'amber' | 'danger' | 'cyan' | 'brand' | 'line';
  icon?: LucideIcon;
  children: ReactNode;
}) {
  return (
    <span className="tag" data-tone={tone}>
      {Icon && <Icon aria-hidden />}
      {children}
    </span>
  );
}
