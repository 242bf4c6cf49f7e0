import { Eye, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button as AriaButton } from 'react-aria-components/Button';
import { Ltr } from '../lib/ltr';
import { Kbd } from './button';

/** Which third of its time a deadline is in: green above half, amber below, red when over. */
export function ringLevel(left: number, total: number): 'calm' | 'soon' | 'over' {
  if (left < 0) return 'over';
  return left > total / 2 ? 'calm' : 'soon';
}

export interface DeadlineRingProps {
  /** Milliseconds left; negative when overdue. */
  readonly left: number;
  /** Milliseconds from start to deadline. */
  readonly total: number;
  /** The time with its unit after a space, e.g. "13 分", "5 h": the digits stand over the unit, because no two-word time fits on one line of the ring. */
  readonly text: string;
}

/** Three signs are as wide as the ring; a deadline that is this many days off or over needs no better digits. */
const MOST_SHOWN = 99;

/** The digits and the unit of a time as the ring shows them. */
export function ringText(text: string, isOver: boolean): { readonly count: string; readonly unit: string } {
  const [count = '', ...unit] = text.split(' ');
  const isMany = Number(count) > MOST_SHOWN;
  return { count: isMany ? `${MOST_SHOWN}+` : `${isOver ? '+' : ''}${count}`, unit: unit.join(' ') };
}

/** Time left as a ring with digits inside; overdue is a full ring with a plus. */
export function DeadlineRing({ left, total, text }: DeadlineRingProps) {
  const { t } = useTranslation('common');
  const level = ringLevel(left, total);
  const share = level === 'over' || total <= 0 ? 100 : Math.max(3, Math.min(100, (left / total) * 100));
  const { count, unit } = ringText(text, level === 'over');
  const arc = { cx: 24, cy: 24, r: 21, pathLength: 100, strokeDasharray: `${share} 100`, transform: 'rotate(-90 24 24)' };
  return (
    <span className="deadline" data-level={level} role="img" aria-label={t(level === 'over' ? 'ring.over' : 'ring.left', { time: text })}>
      <svg viewBox="0 0 48 48" aria-hidden>
        <circle className="track" cx="24" cy="24" r="21" />
        {level === 'soon' && <circle className="edge" {...arc} />}
        <circle className="arc" {...arc} />
      </svg>
      <span className="text">
        <b>
          <Ltr>{count}</Ltr>
        </b>
        {unit && <span>{unit}</span>}
      </span>
    </span>
  );
}

export interface HolderProps {
  readonly kind: 'none' | 'mine' | 'other' | 'viewing';
  readonly who?: string | undefined;
  /** "0:42": for how long. */
  readonly time?: string | undefined;
}

/** Who holds an item: filled for me, outlined for another, an eye for only viewing, plain words for nobody. */
export function Holder({ kind, who = '', time }: HolderProps) {
  const { t } = useTranslation('common');
  const text = { none: t('holder.none'), mine: t('holder.mine'), other: t('holder.other', { who }), viewing: t('holder.viewing', { who }) }[kind];
  return (
    <span className="holder" data-kind={kind}>
      {kind === 'viewing' && <Eye aria-hidden size={15} />}
      {text}
      {time && <Ltr>{time}</Ltr>}
    </span>
  );
}

export interface QueueRowProps {
  readonly icon: LucideIcon;
  /** "0304-09": the number identifies, bold. */
  readonly place: ReactNode;
  /** The masked name or the kind beside it. */
  readonly subject?: ReactNode;
  readonly tags?: ReactNode;
  /** One line of content. */
  readonly content: ReactNode;
  /** "等 34 分" */
  readonly waiting?: ReactNode;
  readonly holder?: ReactNode;
  readonly ring?: ReactNode;
  readonly priority?: 'emergency' | 'urgent' | 'soon' | 'routine';
  readonly isCurrent?: boolean;
  readonly onPress: () => void;
  readonly id?: string;
}

/** A row of the queue: what waits, who holds it, how long is left. The whole row is the target. */
export function QueueRow({
  icon: Icon,
  place,
  subject,
  tags,
  content,
  waiting,
  holder,
  ring,
  priority = 'routine',
  isCurrent = false,
  ...rest
}: QueueRowProps) {
  return (
    <AriaButton {...rest} className="queue-row" data-priority={priority} data-current={isCurrent ? '' : undefined} aria-current={isCurrent ? 'true' : 'false'}>
      <span className="icon">
        <Icon aria-hidden />
      </span>
      <span className="min-w-0">
        <span className="first">
          <b>
            <Ltr>{place}</Ltr>
          </b>
          {subject && <span>{subject}</span>}
          {tags}
        </span>
        <span className="second block">{content}</span>
      </span>
      <span className="side">
        {waiting && <span>{waiting}</span>}
        {holder}
      </span>
      {ring}
    </AriaButton>
  );
}

/** New items wait behind this bar, so that nothing moves under the pointer. */
export function NewItemsBar({ label, hotkey, onPress }: { label: string; hotkey?: string; onPress: () => void }) {
  return (
    <AriaButton className="newbar" onPress={onPress}>
      ↑ {label} {hotkey && <Kbd>{hotkey}</Kbd>}
    </AriaButton>
  );
}

export interface UndoBarProps {
  /** "已同意 0205-11 李*四" */
  readonly text: ReactNode;
  readonly secondsLeft: number;
  readonly secondsTotal: number;
  readonly hotkey?: string;
  readonly onUndo: () => void;
}

/** At the foot of the list for ten seconds after a verdict. Covers no row and no button. */
export function UndoBar({ text, secondsLeft, secondsTotal, hotkey = 'Z', onUndo }: UndoBarProps) {
  const { t } = useTranslation('common');
  return (
    <div className="undo" role="status">
      <span>✓ {text}</span>
      <span>{t('undo.left', { s: secondsLeft })}</span>
      <AriaButton className="act" onPress={onUndo}>
        {t('action.undo')} <Kbd>{hotkey}</Kbd>
      </AriaButton>
      <span className="drain" aria-hidden>
        <i style={{ inlineSize: `${(secondsLeft / secondsTotal) * 100}%` }} />
      </span>
    </div>
  );
}
