import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button as AriaButton } from 'react-aria-components/Button';
import { Link } from 'react-aria-components/Link';
import { Ltr } from '../lib/ltr';
import { Kbd } from './button';
import { type AlarmLevel, AlarmShape } from './shapes';

/** The frame of the console: alarm strip, rail, page, foot. Give the four parts as children in this order. */
export function Desk({ children }: { children: ReactNode }) {
  return <div className="desk">{children}</div>;
}

export interface StripProps {
  readonly counts: Readonly<Record<AlarmLevel, number>>;
  /** The worst open alarm in words, e.g. "无人值班 6:02 · 0302 监室 · 王警官已知悉". */
  readonly worst?: { readonly level: AlarmLevel; readonly text: ReactNode; readonly unacknowledged: boolean } | undefined;
  readonly onOpen?: (() => void) | undefined;
  /** The keys that open the alarm, e.g. "Alt A". */
  readonly hotkey?: string;
  /** "2026-11-24 09:42" at the site. */
  readonly clock: string;
  /** Sound state and the like, before the clock. */
  readonly extra?: ReactNode;
}

const levels = ['high', 'medium', 'low'] as const;
const levelKey = { high: 'alarm.high', medium: 'alarm.medium', low: 'alarm.low' } as const;

/** On every page, also when locked: how many alarms of each level, the worst in words, the clock. */
export function Strip({ counts, worst, onOpen, hotkey, clock, extra }: StripProps) {
  const { t } = useTranslation('common');
  return (
    <header className="strip" aria-label={t('alarm.region')}>
      {levels.map((level) => (
        <span key={level} className="level" data-none={counts[level] === 0 ? '' : undefined}>
          <AlarmShape level={level} flash={level !== 'low' && worst?.level === level && worst.unacknowledged} />
          {t(levelKey[level])} <b>{counts[level]}</b>
        </span>
      ))}
      <hr />
      {worst ? (
        <AriaButton className="worst" data-level={worst.level} isDisabled={!onOpen} {...(onOpen ? { onPress: onOpen } : {})}>
          <AlarmShape level={worst.level} />
          <span role="status">{worst.text}</span>
        </AriaButton>
      ) : (
        <span className="calm">{t('alarm.none')}</span>
      )}
      <span className="end">
        {extra}
        {worst && hotkey && <Kbd>{hotkey}</Kbd>}
        <hr />
        <b>
          <Ltr>{clock}</Ltr>
        </b>
      </span>
    </header>
  );
}

export interface RailItem {
  readonly id: string;
  readonly label: string;
  readonly icon: LucideIcon;
  readonly href?: string;
  readonly onPress?: () => void;
  /** How many wait there. */
  readonly count?: number | undefined;
  /** "G Q" */
  readonly hotkey?: string;
}
export interface RailProps {
  readonly items: readonly RailItem[];
  readonly current: string;
  readonly siteName: string;
  readonly productName?: string;
  /** The lower end: who is signed in. */
  readonly me?: ReactNode;
}

/** The pages of the console, with their keys. */
export function Rail({ items, current, siteName, productName = 'Sallyport', me }: RailProps) {
  const { t } = useTranslation('common');
  return (
    <nav className="rail" aria-label={t('nav.main')}>
      <div className="brandmark">
        <Mark />
        <div>
          <b>{productName}</b>
          <span className="text-xs text-muted">{siteName}</span>
        </div>
      </div>
      {items.map(({ id, label, icon: Icon, href, onPress, count, hotkey }) => (
        <Link
          key={id}
          className="nav"
          data-on={id === current ? '' : undefined}
          aria-current={id === current ? 'page' : 'false'}
          {...(href ? { href } : {})}
          {...(onPress ? { onPress } : {})}
        >
          <Icon aria-hidden size={18} />
          <span className="word">{label}</span>
          {count !== undefined && count > 0 && <span className="count">{count}</span>}
          {hotkey && <span className="keys">{hotkey}</span>}
        </Link>
      ))}
      {me && <div className="rail-me">{me}</div>}
    </nav>
  );
}

/** Two doors in a row: the sign of the house. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 28 28" aria-hidden>
      <rect width="28" height="28" rx="7" fill="var(--brand)" />
      <path d="M8 22V8h5v14M15 22V8h5v14M5 22h18" stroke="var(--on-brand)" strokeWidth="2" fill="none" />
    </svg>
  );
}

/** A round picture of a person: the first character of the name. */
export function Avatar({ name }: { name: string }) {
  return (
    <span className="avatar" aria-hidden>
      {[...name][0]}
    </span>
  );
}

/** The page between rail and foot. */
export function Page({ title, head, children }: { title?: ReactNode; head?: ReactNode; children: ReactNode }) {
  return (
    <main className="desk-main" id="main" tabIndex={-1}>
      {title && (
        <div className="page-head">
          <h1>{title}</h1>
          {head}
        </div>
      )}
      {children}
    </main>
  );
}

export interface KeyHint {
  readonly keys: readonly string[];
  readonly label: string;
}

/** The keys of this page, and at the end what is true of the whole house (live, on shift). */
export function Foot({ hints, end }: { hints: readonly KeyHint[]; end?: ReactNode }) {
  return (
    <footer className="foot">
      {hints.map(({ keys, label }) => (
        <span className="hint" key={label}>
          {keys.map((key) => (
            <Kbd key={key}>{key}</Kbd>
          ))}
          {label}
        </span>
      ))}
      {end && <span className="end">{end}</span>}
    </footer>
  );
}
