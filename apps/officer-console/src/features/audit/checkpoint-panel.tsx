import { auditState } from '@sallyport/contracts';
import { Button, EmptyState, Ltr, Panel, Skeleton, Tag, useFmt } from '@sallyport/ui';
import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { reading } from '../../platform/queries';
import { download } from './download';

/** How far behind the log may be before it is worth a look: records get their place within seconds. */
const LAG_WORTH_A_LOOK_SECONDS = 60;

/** The newest signed checkpoint: what makes the log provable to somebody who does not trust this server. */
export function CheckpointPanel({ zone }: { zone: string }) {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  const { data } = useQuery(reading(auditState));
  if (!data) return <Skeleton rows={3} />;
  const { checkpoint, waiting, lagSeconds } = data;
  const end = (
    <>
      {waiting > 0 && <Tag tone="cyan">{t('audit.waiting', { n: waiting })}</Tag>}
      {lagSeconds > LAG_WORTH_A_LOOK_SECONDS && <Tag tone="amber">{t('audit.lag', { s: Math.round(lagSeconds) })}</Tag>}
    </>
  );
  return (
    <Panel title={t('audit.checkpoint')} end={end}>
      {!checkpoint && <EmptyState title={t('audit.noCheckpoint')} />}
      {checkpoint && (
        <div className="flex flex-col gap-3 text-sm">
          <p>
            {t('audit.checkpointWhat')} {t('audit.checkpointHow')}
          </p>
          <p>
            <b>{t('audit.size', { n: checkpoint.size })}</b> · <Ltr>{fmt.dateTime(Date.parse(checkpoint.at))}</Ltr>
          </p>
          <div>
            <span className="text-muted">{t('audit.root')}</span>
            <code className="block break-all">
              <Ltr>{checkpoint.root}</Ltr>
            </code>
          </div>
          {checkpoint.cosignedBy.map(({ name, at }) => (
            <p key={name}>{t('audit.cosigned', { name, time: fmt.dateTime(Date.parse(at)) })}</p>
          ))}
          {checkpoint.cosignedBy.length === 0 && <p className="text-muted">{t('audit.noCosign')}</p>}
          <Button icon={Download} onPress={() => download(`checkpoint-${checkpoint.size}.txt`, checkpoint.note, 'text/plain')}>
            {t('audit.downloadNote')}
          </Button>
          <p className="text-muted">
            {t('audit.checkpointKeep')} {t('audit.proofElsewhere')}
          </p>
        </div>
      )}
    </Panel>
  );
}
