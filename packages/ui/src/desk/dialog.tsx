import type { ReactNode } from 'react';
import { Dialog as AriaDialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { type AlarmLevel, AlarmShape } from './shapes';

export interface DialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly children: ReactNode;
  /** Buttons, the main one first; it stands at the end. */
  readonly actions?: ReactNode;
  readonly size?: 'md' | 'lg';
  /** False while it must not be left by Escape or a press outside. */
  readonly isDismissable?: boolean;
}

/** A dialog under the alarm strip, which stays visible. Not for questions that an undo answers. */
export function Dialog({ isOpen, onClose, title, children, actions, size = 'md', isDismissable = true }: DialogProps) {
  return (
    <ModalOverlay
      className="scrim"
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable={isDismissable}
      isKeyboardDismissDisabled={!isDismissable}
    >
      <Modal className="modal" data-size={size}>
        <AriaDialog className="dialog">
          <div className="dialog-head">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
          </div>
          <div className="dialog-body">{children}</div>
          {actions && <div className="dialog-foot">{actions}</div>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

export interface TakeoverProps {
  readonly isOpen: boolean;
  readonly level: AlarmLevel;
  /** "0302 监室 呼叫民警" */
  readonly title: ReactNode;
  readonly subtitle?: ReactNode;
  /** The running clock since the alarm began. */
  readonly clock?: string;
  readonly clockLabel?: string;
  /** Up to three columns: what happened, who is there, escalation. */
  readonly children: ReactNode;
  /** One focused button that names the act and the place, first; then the others. */
  readonly actions: ReactNode;
  readonly onClose: () => void;
}

/** An alarm takes the page over, all but the strip. */
export function Takeover({ isOpen, level, title, subtitle, clock, clockLabel, children, actions, onClose }: TakeoverProps) {
  return (
    <ModalOverlay className="scrim" isOpen={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Modal className="contents">
        <AriaDialog className="takeover" role="alertdialog" data-level={level}>
          <div className="takeover-head">
            <AlarmShape level={level} size={56} />
            <div>
              <Heading slot="title" level={2}>
                {title}
              </Heading>
              {subtitle}
            </div>
            {clock && (
              <div className="end">
                {clockLabel}
                <b>
                  <bdi dir="ltr">{clock}</bdi>
                </b>
              </div>
            )}
          </div>
          <div className="takeover-body">{children}</div>
          <div className="takeover-foot">{actions}</div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
