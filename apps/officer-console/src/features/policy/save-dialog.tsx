import { instantOf } from '@sallyport/basics';
import { type PolicyDocument, policyChange } from '@sallyport/contracts';
import { DateTimeField, Dialog, Select, TextField, useFmt } from '@sallyport/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { siteNow } from '../../platform/site-clock';
import { useAct } from '../../platform/use-act';
import { ActForm, isReason } from '../../shell/act-form';
import { useSession } from '../access/session';
import type { Difference } from './difference';
import { usePolicyWords } from './policy-words';

interface SaveDialogProps {
  readonly document: PolicyDocument;
  readonly basedOn: number;
  readonly changes: readonly Difference[];
  readonly onClose: () => void;
  readonly onSaved: (version: number) => void;
}

const LOCAL = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})$/;

/** "2026-11-22T06:30" on the site's clock as an instant; null while it is not whole. */
export function instantOfLocal(text: string, zone: string): number | null {
  const [, date, hours, minutes] = LOCAL.exec(text) ?? [];
  return date ? instantOf(date, Number(hours) * 60 + Number(minutes), zone) : null;
}

/** Shows what changes, asks why and from when; saving is a sensitive act. */
export function SaveDialog({ document, basedOn, changes, onClose, onSaved }: SaveDialogProps) {
  const { t } = useTranslation('console');
  const { me, stepUp } = useSession();
  const words = usePolicyWords();
  const fmt = useFmt(me.timeZone);
  const { act, run } = useAct(policyChange, stepUp);
  const [reason, setReason] = useState('');
  const [when, setWhen] = useState<'now' | 'later'>('now');
  const [local, setLocal] = useState('');
  const from = when === 'now' ? siteNow() : instantOfLocal(local, me.timeZone);
  const send = async () => {
    if (from === null) return;
    const outcome = await run({ document, basedOn, reason: reason.trim(), effectiveFrom: new Date(from).toISOString() });
    if (outcome?.outcome === 'accepted' && outcome.result) onSaved(outcome.result.version);
  };
  return (
    <Dialog isOpen onClose={onClose} size="lg" title={t('policy.changes', { n: changes.length })}>
      <ActForm act={act} label={t('policy.save')} isReady={isReason(reason) && from !== null} onSend={() => void send()} onCancel={onClose}>
        <p className="text-muted">
          {t('policy.basedOn', { n: basedOn })} · {t('policy.whoMay')}
        </p>
        <table className="night-table">
          <thead>
            <tr>
              <th scope="col">{t('policy.what')}</th>
              <th scope="col">{t('policy.before')}</th>
              <th scope="col">{t('policy.after')}</th>
            </tr>
          </thead>
          <tbody>
            {changes.map(({ path, from: before, to }) => (
              <tr key={path}>
                <th scope="row">{words.whole(path)}</th>
                <td>{words.show(before)}</td>
                <td>
                  <b>{words.show(to)}</b>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <TextField label={t('policy.reason')} value={reason} onChange={setReason} maxLength={500} autoFocus />
        <div className="grid grid-cols-2 gap-4">
          <Select
            label={t('policy.when')}
            items={[
              { id: 'now', label: t('policy.atOnce') },
              { id: 'later', label: t('policy.later') },
            ]}
            selected={when}
            onChange={(id) => setWhen(id === 'later' ? 'later' : 'now')}
          />
          {when === 'later' && <DateTimeField label={t('policy.whenAt')} value={local} onChange={setLocal} />}
        </div>
        {from !== null && (
          <p role="status">
            <b>{t('policy.effect', { time: fmt.dateTime(from), n: changes.length })}</b>
          </p>
        )}
      </ActForm>
    </Dialog>
  );
}
