import { cellList, personAdmit } from '@sallyport/contracts';
import { Button, Dialog, Note, Select, TextField, useFmt } from '@sallyport/ui';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reading } from '../../platform/queries';
import { siteNow } from '../../platform/site-clock';
import { useAct } from '../../platform/use-act';
import { useRefusalText } from '../../shell/use-refusal';
import { useSession } from '../access/session';
import { PinOnce } from './pin-once';

const DATE = /^\d{4}-\d{2}-\d{2}$/;

interface Form {
  readonly number: string;
  readonly name: string;
  readonly sex: 'male' | 'female';
  readonly birthDate: string;
  readonly cell: string | null;
  readonly bed: string | null;
  readonly sentenced: 'yes' | 'no';
  readonly risk: '1' | '2' | '3' | 'none';
}
const EMPTY: Form = { number: '', name: '', sex: 'male', birthDate: '', cell: null, bed: null, sentenced: 'no', risk: 'none' };

function isWhole(form: Form): boolean {
  return /^\d{8}$/.test(form.number) && form.name.trim() !== '' && DATE.test(form.birthDate) && form.cell !== null && form.bed !== null;
}

function Fields({ form, set }: { form: Form; set: (part: Partial<Form>) => void }) {
  const { t } = useTranslation(['console', 'common']);
  const { data } = useQuery(reading(cellList));
  const cells = (data?.cells ?? []).filter((cell) => cell.sex === form.sex && cell.freeBeds.length > 0);
  const beds = cells.find(({ cell }) => cell === form.cell)?.freeBeds ?? [];
  return (
    <div className="grid grid-cols-2 gap-4">
      <TextField label={t('people.number')} value={form.number} onChange={(number) => set({ number })} maxLength={8} inputMode="numeric" autoFocus />
      <TextField label={t('people.name')} value={form.name} onChange={(name) => set({ name })} maxLength={60} />
      <Select
        label={t('people.sex')}
        items={[
          { id: 'male', label: t('people.male') },
          { id: 'female', label: t('people.female') },
        ]}
        selected={form.sex}
        onChange={(sex) => set({ sex: sex as Form['sex'], cell: null, bed: null })}
      />
      <TextField
        label={t('people.birthDate')}
        value={form.birthDate}
        onChange={(birthDate) => set({ birthDate })}
        maxLength={10}
        fault={form.birthDate.length === 10 && !DATE.test(form.birthDate) ? t('common:field.date') : undefined}
      />
      <Select
        label={t('people.cell')}
        items={cells.map(({ cell, people, capacity }) => ({ id: cell, label: cell, detail: `${people}/${capacity}` }))}
        selected={form.cell}
        onChange={(cell) => set({ cell, bed: null })}
      />
      <Select
        label={t('people.bed')}
        items={beds.map((bed) => ({ id: String(bed), label: String(bed) }))}
        selected={form.bed}
        onChange={(bed) => set({ bed })}
      />
      <Select
        label={t('people.judgement')}
        items={[
          { id: 'no', label: t('people.unsentenced') },
          { id: 'yes', label: t('people.sentenced') },
        ]}
        selected={form.sentenced}
        onChange={(sentenced) => set({ sentenced: sentenced as Form['sentenced'] })}
      />
      <Select
        label={t('people.risk')}
        items={[{ id: 'none', label: t('people.riskNone') }, ...['1', '2', '3'].map((n) => ({ id: n, label: t('people.riskLevel', { n }) }))]}
        selected={form.risk}
        onChange={(risk) => set({ risk: risk as Form['risk'] })}
      />
    </div>
  );
}

/** Takes a person in. The first PIN is shown once, to be handed over in person. */
export function AdmitDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['console', 'common']);
  const { me, stepUp } = useSession();
  const fmt = useFmt(me.timeZone);
  const { act, run } = useAct(personAdmit, stepUp);
  const refusalText = useRefusalText();
  const [form, setForm] = useState<Form>(EMPTY);
  const [pin, setPin] = useState<string | null>(null);
  const admit = async () => {
    if (!isWhole(form)) return;
    const outcome = await run({
      number: form.number,
      name: form.name.trim(),
      sex: form.sex,
      birthDate: form.birthDate,
      sentenced: form.sentenced === 'yes',
      riskLevel: form.risk === 'none' ? null : (Number(form.risk) as 1 | 2 | 3),
      flags: [],
      coSuspectGroup: null,
      cell: form.cell ?? '',
      bed: Number(form.bed),
      admittedOn: fmt.date(siteNow()),
    });
    if (outcome?.outcome === 'accepted' && outcome.result) setPin(outcome.result.pin);
  };
  const actions = (
    <>
      {pin === null && (
        <Button tone="primary" guard isDisabled={!isWhole(form)} isPending={act.state === 'sending'} onPress={() => void admit()}>
          {t('people.admit')}
        </Button>
      )}
      <Button onPress={onClose}>{t('common:action.close')}</Button>
    </>
  );
  return (
    <Dialog isOpen onClose={onClose} title={t('people.admit')} size="lg" actions={actions} isDismissable={pin === null}>
      {act.state === 'problem' && <Note tone="danger">{refusalText(act.code, act.details)}</Note>}
      {pin === null ? <Fields form={form} set={(part) => setForm((before) => ({ ...before, ...part }))} /> : <PinOnce pin={pin} />}
    </Dialog>
  );
}
