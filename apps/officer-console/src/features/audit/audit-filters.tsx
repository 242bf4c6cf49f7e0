import { addDays, instantOf } from '@sallyport/basics';
import { type AuditFilter, auditOutcome, cellNo } from '@sallyport/contracts';
import { Combo, DateField, Select, TextField } from '@sallyport/ui';
import { useTranslation } from 'react-i18next';
import { useAuditWords } from './use-audit-words';

/** What is looked for; empty texts mean any. */
export interface Filter {
  readonly from: string;
  readonly to: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly cell: string;
  readonly outcome: string;
}
export const NO_FILTER: Filter = { from: '', to: '', actor: '', action: '', subject: '', cell: '', outcome: '' };

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** The part of a filter that can be asked. Days are the site's days, the last one included. */
export function searchOf(filter: Filter, zone: string): AuditFilter {
  const dayStart = (date: string) => new Date(instantOf(date, 0, zone)).toISOString();
  const text = (name: 'actor' | 'action' | 'subject') => (filter[name].trim() ? { [name]: filter[name].trim() } : {});
  return {
    ...(DATE.test(filter.from) ? { from: dayStart(filter.from) } : {}),
    ...(DATE.test(filter.to) ? { to: dayStart(addDays(filter.to, 1)) } : {}),
    ...text('actor'),
    ...text('action'),
    ...text('subject'),
    ...(cellNo.safeParse(filter.cell).success ? { cell: filter.cell } : {}),
    ...(auditOutcome.safeParse(filter.outcome).success ? { outcome: auditOutcome.parse(filter.outcome) } : {}),
  };
}

/** By day, actor, action, subject, cell and outcome. */
export function Filters({ filter, set }: { filter: Filter; set: (part: Partial<Filter>) => void }) {
  const { t } = useTranslation('console');
  const outcomes = [{ id: '', label: t('audit.anyOutcome') }, ...auditOutcome.options.map((id) => ({ id, label: t(`audit.outcomes.${id}`) }))];
  const words = useAuditWords();
  const actions = words.actions().map((id) => ({ id, label: words.action(id) }));
  return (
    <search className="filters">
      <DateField label={t('audit.from')} value={filter.from} onChange={(from) => set({ from })} />
      <DateField label={t('audit.to')} value={filter.to} onChange={(to) => set({ to })} />
      <Combo
        label={t('audit.action')}
        items={actions}
        selected={filter.action || null}
        onChange={(action) => set({ action: action ?? '' })}
        placeholder={t('audit.anyAction')}
      />
      <TextField label={t('audit.actor')} value={filter.actor} onChange={(actor) => set({ actor })} maxLength={100} />
      <TextField label={t('audit.subject')} value={filter.subject} onChange={(subject) => set({ subject })} maxLength={100} />
      <TextField label={t('records.cell')} value={filter.cell} onChange={(cell) => set({ cell })} maxLength={4} inputMode="numeric" />
      <Select label={t('audit.outcome')} items={outcomes} selected={filter.outcome} onChange={(outcome) => set({ outcome })} />
    </search>
  );
}
