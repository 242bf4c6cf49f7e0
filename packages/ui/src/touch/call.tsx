import { Bell, BellRing, Check, CircleSlash, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { BarePress, Press } from './press';

/** How a call stands, as far as it is known: `saved` is stored here but not yet received by anyone. */
export type CallState = 'calling' | 'saved' | 'answered' | 'arrived' | 'withdrawn';

export interface CallBarProps {
  readonly onPress: () => void;
  /** `idle` until pressed; a running call shows its honest state and opens its page again. */
  readonly state?: 'idle' | CallState;
  readonly label?: string;
  readonly hint?: string;
}

const barText = {
  idle: 'call.label',
  withdrawn: 'call.label',
  calling: 'call.calling',
  saved: 'call.saved',
  answered: 'call.answered',
  arrived: 'call.arrived',
} as const;

/** Help: full width at the bottom of every cell page, one press, no login. */
export function CallBar({ onPress, state = 'idle', label, hint }: CallBarProps) {
  const { t } = useTranslation('common');
  const idle = state === 'idle' || state === 'withdrawn';
  const look = idle ? 'idle' : state === 'answered' || state === 'arrived' ? 'answered' : 'calling';
  const Icon = look === 'answered' ? Check : look === 'calling' ? BellRing : Bell;
  return (
    <BarePress onPress={onPress} guard className="call" data={{ 'data-state': look, 'data-primary': '' }}>
      <span className="bell">
        <Icon aria-hidden />
      </span>
      <span className="text" aria-live="polite">
        <span>{label ?? t(barText[state])}</span>
        {(idle || hint) && <small>{hint ?? t('call.hint')}</small>}
      </span>
    </BarePress>
  );
}

export interface CallStage {
  readonly label: string;
  /** "13:58:07"; absent while it has not happened. */
  readonly time?: string | undefined;
}
export interface CallPageProps {
  readonly state: CallState;
  readonly title: string;
  readonly lead?: ReactNode;
  readonly foot?: ReactNode;
  /** Only for the first five seconds, at the far top corner; afterwards only staff can end a call. */
  readonly cancel?: { readonly label: string; readonly onPress: () => void } | undefined;
  readonly stages?: readonly CallStage[];
  /** Back to the page, once nothing is left to wait for. */
  readonly close?: { readonly label: string; readonly onPress: () => void } | undefined;
}

/** A title longer than this is set smaller, so that it stays on one or two lines. */
const LONG_TITLE = 8;

const callIcon: Record<CallState, LucideIcon> = { calling: BellRing, saved: BellRing, answered: Check, arrived: Check, withdrawn: CircleSlash };

/** The full page while a call runs. It says only what is true: "answered" needs an officer who did. */
export function CallPage({ state, title, lead, foot, cancel, stages = [], close }: CallPageProps) {
  const Icon = callIcon[state];
  return (
    <main className="full calling" data-state={state}>
      {cancel && (
        <div className="cancel">
          <Press onPress={cancel.onPress}>{cancel.label}</Press>
        </div>
      )}
      <div className="done" role="status" aria-live="assertive">
        <span className="bell">
          <Icon aria-hidden />
        </span>
        <h1 data-long={title.length > LONG_TITLE ? '' : undefined}>{title}</h1>
        {lead && <p className="lead">{lead}</p>}
        {stages.length > 0 && (
          <ol className="stages">
            {stages.map(({ label, time }) => (
              <li key={label} data-next={time ? undefined : ''}>
                <i />
                {label}
                {time && (
                  <span>
                    <bdi dir="ltr">{time}</bdi>
                  </span>
                )}
              </li>
            ))}
          </ol>
        )}
      </div>
      <div className="foot">{close ? <Press onPress={close.onPress}>{close.label}</Press> : foot}</div>
    </main>
  );
}
