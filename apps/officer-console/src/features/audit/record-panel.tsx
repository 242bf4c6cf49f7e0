import type { AuditRecordView } from '@sallyport/contracts';
import { Ltr, Note, Panel, useFmt } from '@sallyport/ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ProofCheck } from './proof-check';
import { useAuditWords } from './use-audit-words';

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-muted">{label}</dt>
      <dd className="break-all">{children}</dd>
    </div>
  );
}

function Json({ label, value }: { label: string; value: unknown }) {
  if (value === null || value === undefined) return null;
  return (
    <Line label={label}>
      <pre className="audit-json" dir="ltr">
        {JSON.stringify(value, null, 2)}
      </pre>
    </Line>
  );
}

/** One record whole: who, from where, what was shown, what changed, and the proof that it is in the log. */
export function RecordPanel({ record, zone }: { record: AuditRecordView; zone: string }) {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  const words = useAuditWords();
  return (
    <Panel title={record.leafIndex === null ? t('audit.entry') : t('audit.leaf', { n: record.leafIndex })}>
      <div className="flex flex-col gap-3 text-sm">
        {record.erasedAt && <Note tone="amber">{t('audit.erased')}</Note>}
        <dl className="flex flex-col gap-2">
          <Line label={t('audit.what')}>
            <b>{words.action(record.action)}</b> <code className="text-muted">{record.action}</code>
          </Line>
          <Line label={t('audit.when')}>
            <Ltr>{`${fmt.date(Date.parse(record.at))} ${fmt.second(Date.parse(record.at))}`}</Ltr>
          </Line>
          {record.actor && (
            <Line label={t('audit.who')}>
              {t(`audit.actorKind.${record.actor.kind}`)} {record.actor.name ?? ''} <Ltr>{record.actor.id ?? ''}</Ltr>
            </Line>
          )}
          {record.subject && (
            <Line label={t('audit.subjectLabel')}>
              {words.subject(record.subject.kind)} <Ltr>{record.subject.id ?? ''}</Ltr>
            </Line>
          )}
          {record.device && <Line label={t('audit.device')}>{record.device}</Line>}
          {record.session && <Line label={t('audit.session')}>{record.session}</Line>}
          {record.outcome && <Line label={t('audit.outcome')}>{t(`audit.outcomes.${record.outcome}`)}</Line>}
          {record.reason && <Line label={t('audit.why')}>{words.reason(record.reason)}</Line>}
          <Json label={t('audit.shown')} value={record.shown} />
          <Json label={t('audit.change')} value={record.detail} />
        </dl>
        <ProofCheck record={record} />
      </div>
    </Panel>
  );
}
