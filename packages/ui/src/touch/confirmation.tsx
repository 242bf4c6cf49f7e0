import { Check, CloudOff, Hand, Inbox, Save, Send } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

/** How far an act has come. `parked`: taken, but an officer has to look at it. */
export type ActState = 'saved' | 'sent' | 'accepted' | 'refused' | 'parked';

export interface ConfirmationProps {
  readonly title: ReactNode;
  readonly lead?: ReactNode;
  /** What happens next, and when. */
  readonly next?: ReactNode;
  /** `saved`: stored here, not yet received. `refused`: not accepted, with the reason as lead. */
  readonly tone?: 'ok' | 'saved' | 'refused';
  /** A further thing to do now, e.g. the second person of the slot. */
  readonly also?: ReactNode;
  /** Called once after `leaveAfter` milliseconds; the page leaves by itself. */
  readonly onLeave?: () => void;
  readonly leaveAfter?: number;
}

/** Confirmations leave the shared screen after ten seconds, read or not. */
const LEAVE_AFTER = 10_000;

function useLeave(onLeave: (() => void) | undefined, after: number) {
  const leave = useRef(onLeave);
  leave.current = onLeave;
  useEffect(() => {
    const timer = setTimeout(() => leave.current?.(), after);
    return () => clearTimeout(timer);
  }, [after]);
}

/** A whole page that says what was done and what happens next. */
export function Confirmation({ title, lead, next, tone = 'ok', also, onLeave, leaveAfter = LEAVE_AFTER }: ConfirmationProps) {
  useLeave(onLeave, leaveAfter);
  const Icon = { ok: Check, saved: Save, refused: Hand }[tone];
  return (
    <div className="done" role="status" aria-live="assertive">
      <span className="mark" data-tone={tone}>
        <Icon aria-hidden />
      </span>
      <h1>{title}</h1>
      {lead && <p className="lead">{lead}</p>}
      {next && <p className="next">{next}</p>}
      {also && <div className="also">{also}</div>}
    </div>
  );
}

/** A band under a confirmation: a sentence and the press that belongs to it. */
export function Bar({ children, action, tone = 'plain' }: { children: ReactNode; action?: ReactNode; tone?: 'plain' | 'amber' }) {
  return (
    <div className="bar" data-tone={tone}>
      <span>{children}</span>
      {action}
    </div>
  );
}

const lineText = { saved: 'state.saved', sent: 'state.sent', accepted: 'state.accepted', refused: 'state.refused', parked: 'state.parked' } as const;
const lineNext = { saved: 'state.savedNext', sent: 'state.sentNext', parked: 'state.parkedNext' } as const;

/** Saved here, sent, received, not accepted: in words and with an icon. `why` for a refusal; `next` replaces the usual second line. */
export function StateLine({ state, why, next }: { state: ActState; why?: ReactNode; next?: ReactNode }) {
  const { t } = useTranslation('common');
  const Icon = { saved: Save, sent: Send, accepted: Check, refused: Hand, parked: Inbox }[state];
  const second = next ?? why ?? (state in lineNext ? t(lineNext[state as keyof typeof lineNext]) : null);
  return (
    <span className="state-line" data-state={state} role="status">
      <Icon aria-hidden />
      <span>
        <b>{t(lineText[state])}</b>
        {second && <span>{second}</span>}
      </span>
    </span>
  );
}

/** In the top strip while there is no network. `since` is a site time; `text` says something else, such as how old the content is. */
export function OfflineBadge({ since, text }: { since?: string | undefined; text?: string }) {
  const { t } = useTranslation('common');
  return (
    <span className="offline" role="status">
      <CloudOff aria-hidden />
      {text ?? (since ? t('offline.since', { time: since }) : t('offline.badge'))}
    </span>
  );
}
