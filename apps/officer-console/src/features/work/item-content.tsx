import { anomalyView, type WorkDetail } from '@sallyport/contracts';
import { Button, Note, Panel } from '@sallyport/ui';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { AnomalyFacts } from '../duty/anomaly-facts';
import { ItemFacts, textOf } from './item-facts';

/** What an item is about, as far as this officer may see it. */
export function ItemContent({ item, zone }: { item: WorkDetail; zone: string }) {
  const { t } = useTranslation('console');
  const navigate = useNavigate();
  const { content } = item;
  if (!content) return <Note>{t('queue.noContent')}</Note>;
  const anomaly = anomalyView.safeParse(content['anomaly'] ?? content);
  const alert = textOf(content, 'alert') ?? (item.kind === 'emergency-call' ? item.ref : null);
  const week = textOf(content, 'week');
  return (
    <Panel title={t('queue.content')}>
      <div className="flex flex-col gap-4">
        {anomaly.success && <AnomalyFacts anomaly={anomaly.data} zone={zone} />}
        <ItemFacts item={item} content={content} zone={zone} />
        {(alert || week) && (
          <div className="flex gap-3">
            {alert && <Button onPress={() => void navigate(`/alerts/${alert}`)}>{t('alert.open')}</Button>}
            {week && item.cell && <Button onPress={() => void navigate(`/roster/${item.cell}/${week}`)}>{t('nav.roster')}</Button>}
          </div>
        )}
      </div>
    </Panel>
  );
}
