import { ArrowRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { BarePress } from './press';

export interface DutyBannerProps {
  /** "现在轮到" */
  readonly kicker: ReactNode;
  /** "3 号床、7 号床" */
  readonly who: ReactNode;
  /** Parts of the line under it: the hours, the latest time. */
  readonly details?: readonly ReactNode[];
  /** Marks of who has signed already, as words. */
  readonly marks?: readonly ReactNode[];
  /** The word on the button; without it the banner is only to read. */
  readonly action?: string;
  readonly onPress?: () => void;
  /** True while the slot is open: amber. */
  readonly open?: boolean;
  /** True while people are called aloud: the words are set as large as the beds. */
  readonly called?: boolean;
}

/** The largest thing of the home page: whose turn it is. The whole banner is the target. */
export function DutyBanner({ kicker, who, details = [], marks = [], action, onPress, open = false, called = false }: DutyBannerProps) {
  const text = (
    <span className="text">
      <span className="kicker">{kicker}</span>
      <span className="who">{who}</span>
      {details.length > 0 && (
        <span className="detail">
          {details.map((part, index) => (
            <bdi key={index}>{part}</bdi>
          ))}
        </span>
      )}
      {marks.length > 0 && (
        <span className="duty-marks">
          {marks.map((part, index) => (
            <bdi key={index}>{part}</bdi>
          ))}
        </span>
      )}
    </span>
  );
  if (!action || !onPress) return <div className="duty">{text}</div>;
  return (
    <BarePress
      onPress={onPress}
      guard
      className="duty"
      data={{ 'data-primary': '', ...(open ? { 'data-open': '', 'data-called': called ? '' : undefined } : { 'data-calm': '' }) }}
    >
      {text}
      <span className="go">
        {action}
        <ArrowRight aria-hidden className="flip" />
      </span>
    </BarePress>
  );
}
