import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { Ltr } from '../lib/ltr';
import { type Seat, Seats } from './shapes';

export interface DutyCellProps {
  readonly cell: string;
  /** "12 人" */
  readonly people?: ReactNode;
  readonly state: 'both' | 'late' | 'solo' | 'nobody' | 'offline' | 'out' | 'not-planned' | 'no-roster' | 'upcoming';
  readonly seats: readonly Seat[];
  /** The state in words, with its running clock. */
  readonly label: ReactNode;
  /** One line per seat: bed at the start, what about it at the end. */
  readonly lines?: readonly { readonly bed: ReactNode; readonly what: ReactNode }[];
  readonly onPress?: () => void;
  readonly 'aria-label'?: string;
}

/** A cell on the duty board. It keeps its place whatever its state; shape and words come before colour. */
export function DutyCell({ cell, people, state, seats, label, lines = [], onPress, ...rest }: DutyCellProps) {
  return (
    <AriaButton {...rest} className="duty-cell" data-state={state} {...(onPress ? { onPress } : {})}>
      <span className="no">
        <b>
          <Ltr>{cell}</Ltr>
        </b>
        {people && <span>{people}</span>}
      </span>
      <span className="state">
        <Seats seats={seats} />
        {label}
      </span>
      {lines.length > 0 && (
        <span className="people">
          {lines.map(({ bed, what }, index) => (
            <span key={index} className="flex justify-between gap-1 whitespace-nowrap">
              <span>{bed}</span>
              <span>{what}</span>
            </span>
          ))}
        </span>
      )}
    </AriaButton>
  );
}
