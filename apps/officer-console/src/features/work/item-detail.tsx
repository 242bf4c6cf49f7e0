import type { Verdict, WorkDetail } from '@sallyport/contracts';
import { Button, EmptyState, Holder, Note, Panel, Skeleton, Timeline, useFmt } from '@sallyport/ui';
import { Hand } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { siteNow, useSiteNow } from '../../platform/site-clock';
import { useHistory } from '../../shell/use-history';
import { VERDICT_LABELS } from './decision';
import { ItemContent } from './item-content';
import { useWorkTitle } from './work-words';

interface ItemDetailProps {
  readonly item: WorkDetail | undefined;
  readonly isLoading: boolean;
  readonly zone: string;
  readonly problem: string | null;
  readonly isSending: boolean;
  readonly onClaim: () => void;
  readonly onTakeOver: () => void;
  readonly onVerdict: (verdict: Verdict) => void;
}

function Heading({ item, zone, onClaim, onTakeOver }: Pick<ItemDetailProps, 'zone' | 'onClaim' | 'onTakeOver'> & { item: WorkDetail }) {
  const { t } = useTranslation(['console', 'common']);
  const titleOf = useWorkTitle();
  const fmt = useFmt(zone);
  const now = useSiteNow();
  const { holder } = item;
  const place = item.cell ? t('common:place.cell', { cell: item.cell }) : (item.place ?? '');
  return (
    <div className="detail-head flex items-start gap-4 p-(--edge)">
      <div className="grow min-w-0">
        <h2 className="text-title font-bold">
          {t(`kind.${item.kind}`)} · {place}
        </h2>
        <p className="text-muted">
          {titleOf(item)} · {t('queue.deadline', { time: fmt.near(Date.parse(item.deadline), now) })}
        </p>
      </div>
      {item.viewers.map((who) => (
        <Holder key={who} kind="viewing" who={who} />
      ))}
      {holder ? <Holder kind={holder.mine ? 'mine' : 'other'} who={holder.name} time={fmt.clock(now - Date.parse(holder.since))} /> : null}
      {!holder && (item.state === 'open' || item.state === 'claimed') && (
        <Button icon={Hand} hotkey="C" guard onPress={onClaim}>
          {t('claim.claim')}
        </Button>
      )}
      {holder && !holder.mine && item.state === 'claimed' && <Button onPress={onTakeOver}>{t('claim.takeOver')}</Button>}
    </div>
  );
}

function Decided({ item, zone }: { item: WorkDetail; zone: string }) {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  if (!item.decision) return null;
  const { by, at, verdict, note } = item.decision;
  return (
    <Note tone="ok">
      {t('decide.conflict', { who: by, time: fmt.near(Date.parse(at), siteNow()), what: t(`verdictDone.${verdict}`) })}
      {note ? ` · ${note}` : ''}
    </Note>
  );
}

function DecisionBar({ item, isSending, onVerdict }: Pick<ItemDetailProps, 'isSending' | 'onVerdict'> & { item: WorkDetail }) {
  const { t } = useTranslation('console');
  const others = item.holder !== null && !item.holder.mine;
  return (
    <div className="decision">
      {item.verdicts.map(({ verdict }, index) => (
        <Button
          key={verdict}
          tone={index === 0 ? 'primary' : verdict === 'refuse' ? 'danger-quiet' : 'plain'}
          size="lg"
          hotkey={VERDICT_LABELS[verdict]}
          guard
          isDisabled={others || isSending}
          onPress={() => onVerdict(verdict)}
        >
          {t(`verdict.${verdict}`)}
        </Button>
      ))}
      <span className="end text-muted">{t('queue.nextOpens')}</span>
    </div>
  );
}

/** One work item: what it is, who has it, what happened, and the verdicts its kind allows. */
export function ItemDetail(props: ItemDetailProps) {
  const { item, isLoading, zone, problem } = props;
  const { t } = useTranslation('console');
  const historyOf = useHistory(zone);
  if (isLoading) return <Skeleton />;
  if (!item) return <EmptyState title={t('queue.choose')} />;
  const waiting = item.state === 'open' || item.state === 'claimed';
  return (
    <section className="detail flex flex-col min-h-0" aria-label={t(`kind.${item.kind}`)}>
      <Heading {...props} item={item} />
      <div className="scroll grow px-(--edge) pb-(--edge) flex flex-col gap-4">
        {problem && <Note tone="danger">{problem}</Note>}
        <Decided item={item} zone={zone} />
        <ItemContent item={item} zone={zone} />
        <Panel title={t('queue.history')}>
          <Timeline entries={historyOf(item.history)} />
        </Panel>
      </div>
      {waiting && <DecisionBar {...props} item={item} />}
    </section>
  );
}
