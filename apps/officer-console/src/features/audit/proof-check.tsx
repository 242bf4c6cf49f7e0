import { type AuditProof, type AuditRecordView, auditRecordProof } from '@sallyport/contracts';
import { Button, Ltr, Note } from '@sallyport/ui';
import { CircleCheck, CircleX, Download, ShieldCheck } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiFailure, getJson } from '../../platform/api';
import { addressOf } from '../../platform/queries';
import { useRefusalText } from '../../shell/use-refusal';
import { checkProof, type ProofFindings } from './check-proof';
import { download } from './download';

function Step({ good, children }: { good: boolean; children: ReactNode }) {
  const Icon = good ? CircleCheck : CircleX;
  return (
    <li className="proof-step" data-good={good ? '' : undefined}>
      <Icon aria-hidden size={16} />
      <span>{children}</span>
    </li>
  );
}

function Findings({ findings }: { findings: ProofFindings }) {
  const { t } = useTranslation('console');
  const { content, included, steps, leafIndex, size, root } = findings;
  return (
    <>
      <ol className="proof-steps">
        <Step good={content !== false}>{t(content === null ? 'audit.proofErased' : content ? 'audit.proofContent' : 'audit.proofContentBad')}</Step>
        {size !== null && <Step good={included}>{t('audit.proofPlace', { n: leafIndex, of: size })}</Step>}
        <Step good={included}>{included ? t('audit.proofPath', { n: steps }) : t('audit.proofPathBad')}</Step>
      </ol>
      {root !== null && (
        <code className="block break-all">
          <Ltr>{root}</Ltr>
        </code>
      )}
      <p className="text-muted">{t('audit.proofSigned')}</p>
      <p className="text-muted">{t('audit.proofElsewhere')}</p>
    </>
  );
}

/** Leads from one record to the signed checkpoint, step by step, and gives the proof as a file. */
export function ProofCheck({ record }: { record: AuditRecordView }) {
  const { t } = useTranslation('console');
  const refusalText = useRefusalText();
  const [findings, setFindings] = useState<ProofFindings | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const fetchProof = async (then: (proof: AuditProof) => void | Promise<void>) => {
    setProblem(null);
    try {
      await then(auditRecordProof.response.parse(await getJson(addressOf(auditRecordProof, { id: record.id }))));
    } catch (failure) {
      setProblem(refusalText(failure instanceof ApiFailure ? failure.code : 'NOT_FOUND'));
    }
  };
  const check = () => fetchProof(async (proof) => setFindings(await checkProof(proof)));
  const save = () => fetchProof((proof) => download(`audit-proof-${proof.leafIndex}.json`, JSON.stringify(proof, null, 2), 'application/json'));
  if (record.leafIndex === null) return <Note>{t('audit.noLeaf')}</Note>;
  return (
    <section className="flex flex-col gap-2" aria-label={t('audit.proofWhat')}>
      <h3 className="font-bold">{t('audit.proofWhat')}</h3>
      {problem && <Note tone="danger">{problem}</Note>}
      {findings && <Findings findings={findings} />}
      <div className="flex gap-2 flex-wrap">
        {!findings && (
          <Button icon={ShieldCheck} onPress={() => void check()}>
            {t('audit.proofGo')}
          </Button>
        )}
        <Button icon={Download} onPress={() => void save()}>
          {t('audit.downloadProof')}
        </Button>
      </div>
    </section>
  );
}
