import { officerCreate, type ResultOf } from '@sallyport/contracts';
import { Button, Dialog, TextField } from '@sallyport/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../platform/use-act';
import { ActForm, isReason } from '../../shell/act-form';
import { LinkOnce } from './link-once';
import { breaksSeparation, type PostDraft, PostsField, postsOf } from './posts-field';
import { useSession } from './session';

const STAFF_NUMBER = /^[A-Za-z0-9-]{3,20}$/;

/** A new officer with posts; the one-time link to sign in is shown once. */
export function CreateDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['console', 'common']);
  const { stepUp } = useSession();
  const { act, run } = useAct(officerCreate, stepUp);
  const [name, setName] = useState('');
  const [staffNo, setStaffNo] = useState('');
  const [drafts, setDrafts] = useState<PostDraft[]>([{ role: 'cell-officer', blocks: '' }]);
  const [reason, setReason] = useState('');
  const [made, setMade] = useState<ResultOf<typeof officerCreate> | null>(null);
  const posts = postsOf(drafts);
  const isWhole = name.trim() !== '' && STAFF_NUMBER.test(staffNo) && posts !== null && posts.length > 0 && !breaksSeparation(drafts) && isReason(reason);
  const send = async () => {
    if (!posts) return;
    const outcome = await run({ name: name.trim(), staffNo, posts, reason: reason.trim() });
    if (outcome?.outcome === 'accepted' && outcome.result) setMade(outcome.result);
  };
  if (made) {
    return (
      <Dialog isOpen onClose={onClose} isDismissable={false} title={name} actions={<Button onPress={onClose}>{t('common:action.close')}</Button>}>
        <LinkOnce url={made.signInUrl} expiresAt={made.expiresAt} />
      </Dialog>
    );
  }
  return (
    <Dialog isOpen onClose={onClose} size="lg" title={t('access.create')}>
      <ActForm act={act} label={t('access.createAct')} isReady={isWhole} onSend={() => void send()} onCancel={onClose}>
        <div className="grid grid-cols-2 gap-4">
          <TextField label={t('access.name')} value={name} onChange={setName} maxLength={60} autoFocus />
          <TextField label={t('access.staffNo')} value={staffNo} onChange={setStaffNo} maxLength={20} />
        </div>
        <PostsField posts={drafts} onChange={setDrafts} />
        <TextField label={t('access.reason')} value={reason} onChange={setReason} maxLength={500} />
      </ActForm>
    </Dialog>
  );
}
