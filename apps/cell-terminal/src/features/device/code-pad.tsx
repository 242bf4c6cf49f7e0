import { Press } from '@sallyport/ui';
import { Delete } from 'lucide-react';
import { useTranslation } from 'react-i18next';

/** Letters and digits of a code, without look-alikes. */
export const CODE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
export const CODE_LENGTH = 8;

/** The code's own keyboard: there is none in a cell. */
export function CodePad({ code, isDisabled, onChange }: { code: string; isDisabled: boolean; onChange: (code: string) => void }) {
  const { t } = useTranslation('common');
  return (
    <div className="code-pad">
      {[...CODE_ALPHABET].map((letter) => (
        <Press key={letter} className="pin-key" isDisabled={isDisabled || code.length >= CODE_LENGTH} onPress={() => onChange(code + letter)}>
          {letter}
        </Press>
      ))}
      <Press className="pin-key" aria-label={t('action.delete')} isDisabled={isDisabled || code === ''} onPress={() => onChange(code.slice(0, -1))}>
        <Delete aria-hidden />
      </Press>
    </div>
  );
}

/** Eight places in two groups. */
export function CodeSlots({ code }: { code: string }) {
  const { t } = useTranslation('cell');
  return (
    <div className="code-slots" role="img" aria-label={`${t('enrol.enterCode')} ${[...code].join(' ')}`}>
      {Array.from({ length: CODE_LENGTH }, (_none, index) => (
        <i key={index}>{code[index] ?? ''}</i>
      ))}
    </div>
  );
}
