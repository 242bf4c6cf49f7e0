import { Button, Checkbox, Dialog, Kbd, type KeyHint } from '@sallyport/ui';
import { useTranslation } from 'react-i18next';
import { useSession } from '../features/access/session';
import { PAGES } from './pages';

interface HelpDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly hints: readonly KeyHint[];
  readonly keysOn: boolean;
  readonly setKeysOn: (on: boolean) => void;
}

/** All keys of this page and of the house, and the switch that turns them off (WCAG 2.1.4). */
export function HelpDialog({ isOpen, onClose, hints, keysOn, setKeysOn }: HelpDialogProps) {
  const { t } = useTranslation(['console', 'common']);
  const { can } = useSession();
  const go = PAGES.filter(({ permission }) => can(permission)).map(({ id, code }) => ({ keys: ['G', code.slice(3)], label: t(`nav.${id}`) }));
  const all: KeyHint[] = [
    ...hints,
    ...go,
    { keys: ['Ctrl', 'K'], label: t('key.palette') },
    { keys: ['Alt', 'A'], label: t('key.alarm') },
    { keys: ['?'], label: t('key.help') },
  ];
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t('common:keys.title')} actions={<Button onPress={onClose}>{t('common:action.close')}</Button>}>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-2">
        {all.map(({ keys, label }) => (
          <div key={`${keys.join(' ')} ${label}`} className="flex items-center gap-2">
            <dt className="flex gap-1 w-24">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{label}</dd>
          </div>
        ))}
      </dl>
      <Checkbox isSelected={keysOn} onChange={setKeysOn}>
        {t('key.toggle')}
      </Checkbox>
    </Dialog>
  );
}
