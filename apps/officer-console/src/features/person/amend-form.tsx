import { type PersonFacts, personAmend, watchFlag } from '@sallyport/contracts';
import { Checkbox, Select, TextField } from '@sallyport/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../platform/use-act';
import { ActForm, isReason } from '../../shell/act-form';
import { changedFacts } from './changed-facts';
import type { Person } from './person-words';

const RISKS = [1, 2, 3] as const;

/** Facts that decide about duty and sharing a cell. Only what was changed is sent. */
export function AmendForm({ person, onDone }: { person: Person; onDone: () => void }) {
  const { t } = useTranslation('console');
  const { act, run } = useAct(personAmend);
  const [facts, setFacts] = useState<PersonFacts>(person.facts);
  const [reason, setReason] = useState('');
  const set = (part: Partial<PersonFacts>) => setFacts((before) => ({ ...before, ...part }));
  const changed = changedFacts(person.facts, facts);
  const send = async () => {
    const outcome = await run({ person: person.id, facts: changed, reason: reason.trim(), seenVersion: person.version });
    if (outcome?.outcome === 'accepted') onDone();
  };
  const isReady = Object.keys(changed).length > 0 && isReason(reason);
  return (
    <ActForm act={act} label={t('people.amendConfirm')} isReady={isReady} onSend={() => void send()} onCancel={onDone}>
      <div className="grid grid-cols-3 gap-4">
        <Select
          label={t('people.risk')}
          items={[{ id: 'none', label: t('people.riskNone') }, ...RISKS.map((n) => ({ id: String(n), label: t('people.riskLevel', { n }) }))]}
          selected={facts.riskLevel === null ? 'none' : String(facts.riskLevel)}
          onChange={(id) => set({ riskLevel: RISKS.find((n) => String(n) === id) ?? null })}
        />
        <Select
          label={t('people.judgement')}
          items={[
            { id: 'no', label: t('people.unsentenced') },
            { id: 'yes', label: t('people.sentenced') },
          ]}
          selected={facts.sentenced ? 'yes' : 'no'}
          onChange={(id) => set({ sentenced: id === 'yes' })}
        />
        <TextField
          label={t('people.coSuspect')}
          value={facts.coSuspectGroup ?? ''}
          onChange={(group) => set({ coSuspectGroup: group.trim() === '' ? null : group })}
          maxLength={40}
        />
      </div>
      <fieldset className="grid grid-cols-3 gap-2 border-0 p-0">
        <legend className="text-sm text-muted">{t('people.flags')}</legend>
        {watchFlag.options.map((flag) => (
          <Checkbox
            key={flag}
            isSelected={facts.flags.includes(flag)}
            onChange={(on) => set({ flags: on ? [...facts.flags, flag] : facts.flags.filter((other) => other !== flag) })}
          >
            {t(`flag.${flag}`)}
          </Checkbox>
        ))}
      </fieldset>
      <TextField label={t('people.reason')} value={reason} onChange={setReason} maxLength={500} />
    </ActForm>
  );
}
