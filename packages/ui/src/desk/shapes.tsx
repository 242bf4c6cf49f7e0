import type { ReactNode } from 'react';

export type AlarmLevel = 'high' | 'medium' | 'low';

const body: Record<AlarmLevel, ReactNode> = {
  high: (
    <>
      <path d="M6 1h8l5 5v8l-5 5H6l-5-5V6z" fill="#ff5c68" />
      <path d="M10 5v6M10 14v.6" stroke="#111111" strokeWidth="2.4" strokeLinecap="round" />
    </>
  ),
  medium: (
    <>
      <path d="M10 1.5 19.2 18H.8z" fill="#ffc400" />
      <path d="M10 7.5v5M10 15.2v.3" stroke="#111111" strokeWidth="2.2" strokeLinecap="round" />
    </>
  ),
  low: (
    <>
      <circle cx="10" cy="10" r="8.6" fill="#7fdbff" />
      <path d="M10 9.5V14M10 6v.3" stroke="#111111" strokeWidth="2.2" strokeLinecap="round" />
    </>
  ),
};

/** Octagon, triangle, circle: alarm levels differ in shape before colour. `flash` only for the shape, at most one change in half a second. */
export function AlarmShape({ level, size = 18, flash = false }: { level: AlarmLevel; size?: number; flash?: boolean }) {
  return (
    <svg className="shape" data-flash={flash ? level : undefined} width={size} height={size} viewBox="0 0 20 20" aria-hidden>
      {body[level]}
    </svg>
  );
}

/** How one seat of a duty slot stands on a board. `away`: taken out of the cell. */
export type Seat = 'signed' | 'late' | 'missing' | 'away' | 'unknown' | 'none';

function disc(seat: Seat): ReactNode {
  if (seat === 'signed') return <circle cx="8" cy="8" r="6.5" fill="currentColor" />;
  if (seat === 'late')
    return (
      <>
        <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="1.6" />
        <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />
      </>
    );
  if (seat === 'missing') return <circle cx="8" cy="8" r="5.8" fill="none" stroke="currentColor" strokeWidth="1.8" strokeDasharray="3 2.2" />;
  if (seat === 'away') return <path d="M4 12 12 4M6 4h6v6" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" />;
  if (seat === 'unknown')
    return <path d="M3 13 13 3M4.5 6.5a5 5 0 0 1 3-1.4M11.5 9.5a5 5 0 0 1-3 1.4" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />;
  return <path d="M4 8h8" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />;
}

/** Two discs per cell: full, half (late), dashed (nobody), arrow (taken out), crossed link (not known). Give the words beside it. */
export function Seats({ seats }: { seats: readonly Seat[] }) {
  return (
    <span className="seats">
      {seats.map((seat, index) => (
        <svg key={index} viewBox="0 0 16 16" aria-hidden>
          {disc(seat)}
        </svg>
      ))}
    </span>
  );
}
