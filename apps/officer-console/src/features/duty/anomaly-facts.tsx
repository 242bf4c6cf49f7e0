import type { AnomalyView } from '@sallyport/contracts';
import { Ltr, Tag, useFmt } from '@sallyport/ui';
import { useTranslation } from 'react-i18next';

/** An anomaly with its late proofs and the person's own words: all that a reviewer weighs. */
export function AnomalyFacts({ anomaly, zone }: { anomaly: AnomalyView; zone: string }) {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center gap-3">
        <b>{t(`anomaly.${anomaly.kind}`)}</b>
        <Tag tone={anomaly.state === 'open' ? 'danger' : anomaly.state === 'late-proved' ? 'amber' : 'ok'}>{t(`anomalyState.${anomaly.state}`)}</Tag>
        <span className="text-muted">
          <Ltr>{fmt.dateTime(Date.parse(anomaly.raisedAt))}</Ltr>
        </span>
      </div>
      <ul className="flex flex-col gap-1">
        {anomaly.people.map(({ id, bed, number, maskedName }) => (
          <li key={id}>
            <b>
              <Ltr>{`${anomaly.cell}-${String(bed ?? '–').padStart(2, '0')}`}</Ltr>
            </b>{' '}
            {maskedName} <Ltr>{number}</Ltr>
          </li>
        ))}
      </ul>
      {anomaly.note && <p>{anomaly.note}</p>}
      {anomaly.lateProof.map(({ person, claimedAt, review }) => (
        <p key={`${person} ${claimedAt}`}>
          {[t('anomalyHint.lateProof', { time: fmt.time(Date.parse(claimedAt)) }), ...review.map((doubt) => t(`signInReview.${doubt}`))].join(' · ')}
        </p>
      ))}
      {anomaly.comments.map(({ person, at, comment }) => (
        <p key={`${person} ${at}`}>{t('anomalyHint.comment', { text: comment })}</p>
      ))}
      {anomaly.endedBy && (
        <p className="text-muted">
          {anomaly.endedBy}: {anomaly.measure} · {anomaly.result}
        </p>
      )}
    </div>
  );
}
