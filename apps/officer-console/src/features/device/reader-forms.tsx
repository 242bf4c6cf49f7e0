import { type ReaderKind, readerKind, readerRegister, readerRename, readerRevoke, type ReaderView } from '@sallyport/contracts';
import { Dialog, Ltr, Note, Select, TextField } from '@sallyport/ui';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../platform/use-act';
import { ActForm, isReason } from '../../shell/act-form';
import { useSession } from '../access/session';
import { PlaceField } from './place-field';
import { readKey, thumbprintOf } from './reader-key';

/** Longest name a reader can have. */
const NAME_LENGTH = 60;
/** A public key as JSON has about 200 characters; spaces and line ends may come with it. */
const KEY_LENGTH = 600;

/** The thumbprint of the pasted key, null while there is none. */
function useThumbprint(text: string): string | null {
  const [thumbprint, setThumbprint] = useState<string | null>(null);
  useEffect(() => {
    let isCurrent = true;
    const key = readKey(text);
    setThumbprint(null);
    if (key) void thumbprintOf(key).then((made) => isCurrent && setThumbprint(made));
    return () => {
      isCurrent = false;
    };
  }, [text]);
  return thumbprint;
}

/** Registers a reader by its public key; the officer compares the thumbprint with the one that the reader shows. */
export function RegisterReader({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('console');
  const { stepUp } = useSession();
  const { act, run } = useAct(readerRegister, stepUp);
  const [place, setPlace] = useState<string | null>(null);
  const [name, setName] = useState('');
  const [reader, setReader] = useState<ReaderKind>('fingerprint');
  const [key, setKey] = useState('');
  const publicKey = readKey(key);
  const thumbprint = useThumbprint(key);
  const send = async () => {
    if (!place || !publicKey) return;
    const outcome = await run({ place, name: name.trim(), reader, publicKey });
    if (outcome?.outcome === 'accepted') onClose();
  };
  const kinds = readerKind.options.map((id) => ({ id, label: t(`reader.kind.${id}`) }));
  return (
    <Dialog isOpen onClose={onClose} size="lg" title={t('reader.register')}>
      <ActForm
        act={act}
        label={t('reader.registerAct')}
        isReady={place !== null && name.trim() !== '' && thumbprint !== null}
        onSend={() => void send()}
        onCancel={onClose}
      >
        <PlaceField onChange={setPlace} />
        <div className="grid grid-cols-2 gap-4">
          <TextField label={t('reader.name')} hint={t('reader.nameHint')} value={name} onChange={setName} maxLength={NAME_LENGTH} />
          <Select label={t('reader.kindLabel')} items={kinds} selected={reader} onChange={(id) => setReader(readerKind.parse(id))} />
        </div>
        <TextField
          label={t('reader.key')}
          hint={t('reader.keyHint')}
          fault={key.trim() !== '' && !publicKey ? t('reader.keyWrong') : undefined}
          value={key}
          onChange={setKey}
          maxLength={KEY_LENGTH}
          multiline
        />
        {thumbprint && (
          <Note tone="cyan">
            {t('reader.compare')}
            <code className="block break-all">
              <Ltr>{thumbprint}</Ltr>
            </code>
          </Note>
        )}
      </ActForm>
    </Dialog>
  );
}

interface FormProps {
  readonly reader: ReaderView;
  readonly onDone: () => void;
}

export function RenameReader({ reader, onDone }: FormProps) {
  const { t } = useTranslation('console');
  const { stepUp } = useSession();
  const { act, run } = useAct(readerRename, stepUp);
  const [name, setName] = useState(reader.name);
  const send = async () => {
    const outcome = await run({ reader: reader.id, name: name.trim(), seenVersion: reader.version });
    if (outcome?.outcome === 'accepted') onDone();
  };
  const isReady = name.trim() !== '' && name.trim() !== reader.name;
  return (
    <ActForm act={act} label={t('reader.rename')} isReady={isReady} onSend={() => void send()} onCancel={onDone}>
      <TextField label={t('reader.name')} value={name} onChange={setName} maxLength={NAME_LENGTH} autoFocus />
    </ActForm>
  );
}

/** Ends a reader for good: its key is never taken again. */
export function RevokeReader({ reader, onDone }: FormProps) {
  const { t } = useTranslation('console');
  const { stepUp } = useSession();
  const { act, run } = useAct(readerRevoke, stepUp);
  const [reason, setReason] = useState('');
  const send = async () => {
    const outcome = await run({ reader: reader.id, reason: reason.trim() });
    if (outcome?.outcome === 'accepted') onDone();
  };
  return (
    <ActForm
      act={act}
      tone="danger"
      label={t('reader.revokeConfirm', { name: reader.name })}
      isReady={isReason(reason)}
      onSend={() => void send()}
      onCancel={onDone}
    >
      <Note tone="amber">{t('reader.revokeNote')}</Note>
      <TextField label={t('people.reason')} value={reason} onChange={setReason} maxLength={500} autoFocus />
    </ActForm>
  );
}
