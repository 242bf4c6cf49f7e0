import { Button, Note } from '@sallyport/ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ActState } from '../platform/use-act';
import { useRefusalText } from './use-refusal';

interface ActFormProps {
  readonly act: ActState;
  /** The effect in words: it stands on the button. */
  readonly label: string;
  readonly tone?: 'primary' | 'danger';
  readonly isReady?: boolean;
  readonly onSend: () => void;
  readonly onCancel: () => void;
  readonly children?: ReactNode;
}

/** What an act asks for, why it was not taken, and one button that names its effect. */
export function ActForm({ act, label, tone = 'primary', isReady = true, onSend, onCancel, children }: ActFormProps) {
  const { t } = useTranslation('common');
  const refusalText = useRefusalText();
  return (
    <div className="flex flex-col gap-4">
      {children}
      {act.state === 'problem' && <Note tone="danger">{refusalText(act.code, act.details)}</Note>}
      <div className="flex gap-3">
        <Button tone={tone} guard isDisabled={!isReady} isPending={act.state === 'sending'} onPress={onSend}>
          {label}
        </Button>
        <Button onPress={onCancel}>{t('action.cancel')}</Button>
      </div>
    </div>
  );
}

/** Shortest reason the server takes. */
const SHORTEST_REASON = 2;
export function isReason(text: string): boolean {
  return text.trim().length >= SHORTEST_REASON;
}
