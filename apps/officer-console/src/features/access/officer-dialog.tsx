import { officerDisable, type officerList, officerPosts, officerRecover, type ResponseOf, type ResultOf } from '@sallyport/contracts';
import { Button, Dialog, Note, Tabs, TextField } from '@sallyport/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../platform/use-act';
import { ActForm, isReason } from '../../shell/act-form';
import { LinkOnce } from './link-once';
import { breaksSeparation, draftOfPosts, PostsField, postsOf } from './posts-field';
import { useSession } from './session';

export type Officer = ResponseOf<typeof officerList>['officers'][number];

interface FormProps {
  readonly officer: Officer;
  readonly onClose: () => void;
}

function PostsForm({ officer, onClose }: FormProps) {
  const { t } = useTranslation('console');
  const { stepUp } = useSession();
  const { act, run } = useAct(officerPosts, stepUp);
  const [drafts, setDrafts] = useState(() => draftOfPosts(officer.posts));
  const [reason, setReason] = useState('');
  const posts = postsOf(drafts);
  const send = async () => {
    if (!posts) return;
    const outcome = await run({ officer: officer.id, posts, reason: reason.trim(), seenVersion: officer.version });
    if (outcome?.outcome === 'accepted') onClose();
  };
  const isReady = posts !== null && !breaksSeparation(drafts) && isReason(reason);
  return (
    <ActForm act={act} label={t('access.saveAct')} isReady={isReady} onSend={() => void send()} onCancel={onClose}>
      <PostsField posts={drafts} onChange={setDrafts} />
      <TextField label={t('access.reason')} value={reason} onChange={setReason} maxLength={500} />
    </ActForm>
  );
}

function RecoverForm({ officer, onClose }: FormProps) {
  const { t } = useTranslation('console');
  const { stepUp } = useSession();
  const { act, run } = useAct(officerRecover, stepUp);
  const [reason, setReason] = useState('');
  const [made, setMade] = useState<ResultOf<typeof officerRecover> | null>(null);
  const send = async () => {
    const outcome = await run({ officer: officer.id, reason: reason.trim() });
    if (outcome?.outcome === 'accepted' && outcome.result) setMade(outcome.result);
  };
  if (made) return <LinkOnce url={made.signInUrl} expiresAt={made.expiresAt} />;
  return (
    <ActForm act={act} label={t('access.recoverAct')} isReady={isReason(reason)} onSend={() => void send()} onCancel={onClose}>
      <Note tone="amber">{t('access.recoverNote')}</Note>
      <TextField label={t('access.reason')} value={reason} onChange={setReason} maxLength={500} />
    </ActForm>
  );
}

function DisableForm({ officer, onClose }: FormProps) {
  const { t } = useTranslation('console');
  const { stepUp } = useSession();
  const { act, run } = useAct(officerDisable, stepUp);
  const [reason, setReason] = useState('');
  const send = async () => {
    const outcome = await run({ officer: officer.id, reason: reason.trim() });
    if (outcome?.outcome === 'accepted') onClose();
  };
  const label = t('access.disableConfirm', { who: officer.name });
  return (
    <ActForm act={act} tone="danger" label={label} isReady={isReason(reason)} onSend={() => void send()} onCancel={onClose}>
      <Note tone="amber">{t('access.disableNote')}</Note>
      <TextField label={t('access.reason')} value={reason} onChange={setReason} maxLength={500} />
    </ActForm>
  );
}

/** What a security administrator does with an officer: posts, a new link, the end of access. */
export function OfficerDialog({ officer, onClose }: FormProps) {
  const { t } = useTranslation(['console', 'common']);
  const [act, setAct] = useState('posts');
  const forms = {
    posts: <PostsForm officer={officer} onClose={onClose} />,
    recover: <RecoverForm officer={officer} onClose={onClose} />,
    disable: <DisableForm officer={officer} onClose={onClose} />,
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="lg"
      title={`${officer.name} · ${officer.staffNo}`}
      actions={<Button onPress={onClose}>{t('common:action.close')}</Button>}
    >
      <Tabs
        aria-label={officer.name}
        selected={act}
        onChange={setAct}
        items={[
          { id: 'posts', label: t('access.setPosts'), content: forms.posts },
          { id: 'recover', label: t('access.recover'), content: forms.recover },
          { id: 'disable', label: t('access.disable'), content: forms.disable },
        ]}
      />
    </Dialog>
  );
}
