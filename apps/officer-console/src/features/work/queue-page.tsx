import type { Verdict } from '@sallyport/contracts';
import { Button, Dialog, EmptyState, Page, Skeleton, TextField, UndoBar } from '@sallyport/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeyHints } from '../../shell/frame';
import { useRefusalText } from '../../shell/use-refusal';
import { useSession } from '../access/session';
import type { Draft } from './decision';
import { DecisionForm } from './decision-form';
import { ItemDetail } from './item-detail';
import { kindOf, QueueFilters, type QueueView, useSavedFilters, WHOLE_QUEUE } from './queue-filters';
import { QueueList } from './queue-list';
import { useQueueDesk } from './use-queue-desk';
import { useWorkTitle } from './work-words';

function TakeOver({ onClose, onSend }: { onClose: () => void; onSend: (reason: string) => void }) {
  const { t } = useTranslation(['console', 'common']);
  const [reason, setReason] = useState('');
  const actions = (
    <>
      <Button tone="primary" guard isDisabled={reason.trim().length < 2} onPress={() => onSend(reason.trim())}>
        {t('claim.takeOver')}
      </Button>
      <Button onPress={onClose}>{t('common:action.cancel')}</Button>
    </>
  );
  return (
    <Dialog isOpen onClose={onClose} title={t('claim.takeOver')} actions={actions}>
      <TextField label={t('claim.takeOverWhy')} value={reason} onChange={setReason} maxLength={500} autoFocus />
    </Dialog>
  );
}

function useQueueHints() {
  const { t } = useTranslation('console');
  useKeyHints([
    { keys: ['↑', '↓'], label: t('key.move') },
    { keys: ['C'], label: t('key.claim') },
    { keys: ['1', '2', '3'], label: t('key.decide') },
    { keys: ['H'], label: t('key.later') },
    { keys: ['Z'], label: t('key.undo') },
    { keys: ['/'], label: t('key.search') },
    { keys: ['?'], label: t('key.help') },
  ]);
}

type QueueDesk = ReturnType<typeof useQueueDesk>;

function Questions({ desk }: { desk: QueueDesk }) {
  const { item, asking, ask, takeOver, decisions } = desk;
  const offer = item?.verdicts.find(({ verdict }) => verdict === asking);
  if (item && offer) {
    const send = (verdict: Verdict, draft: Draft) => {
      ask(null);
      void decisions.give(item, verdict, draft);
    };
    return <DecisionForm offer={offer} onClose={() => ask(null)} onSend={send} />;
  }
  if (!item || asking !== 'take-over') return null;
  const send = (reason: string) => {
    ask(null);
    takeOver(reason);
  };
  return <TakeOver onClose={() => ask(null)} onSend={send} />;
}

function Undo({ decisions }: Pick<QueueDesk, 'decisions'>) {
  const { t } = useTranslation('console');
  const titleOf = useWorkTitle();
  const { last, secondsLeft, takeBack } = decisions;
  if (!last) return null;
  const text = `${t(`verdictDone.${last.verdict}`)} ${last.item.cell ?? ''} ${titleOf(last.item)}`;
  return <UndoBar text={text} secondsLeft={secondsLeft} secondsTotal={last.undoSeconds} onUndo={() => void takeBack()} />;
}

/** The one queue: the list at the start, the item at the end, two keys a routine decision. */
export function QueuePage() {
  const { t } = useTranslation('console');
  const { me } = useSession();
  const [view, setView] = useState<QueueView>(WHOLE_QUEUE);
  const saved = useSavedFilters();
  const desk = useQueueDesk({ kind: kindOf(view, saved.filters), state: view.tab === 'done' ? 'done' : 'waiting', words: view.words });
  const { queue, current, item, isLoading, open, decisions, ask, take, decide, trouble } = desk;
  const refusalText = useRefusalText();
  useQueueHints();
  const isEmpty = !queue.isLoading && queue.rows.length === 0 && queue.behind === 0;
  const hidesAll = isEmpty && queue.hidden > 0;
  return (
    <Page title={t('queue.title')} head={<QueueFilters view={view} setView={setView} saved={saved} counts={queue.counts} />}>
      <div className="split">
        <div className="list">
          {queue.isLoading && <Skeleton />}
          {isEmpty &&
            (hidesAll ? <EmptyState title={t('queue.noneFound', { n: queue.hidden })} /> : <EmptyState title={t('queue.empty')} next={t('queue.emptyNext')} />)}
          <QueueList rows={queue.rows} behind={queue.behind} current={current} zone={me.timeZone} onOpen={open} onReveal={queue.reveal} />
          <Undo decisions={decisions} />
        </div>
        <ItemDetail
          item={item}
          isLoading={isLoading}
          zone={me.timeZone}
          problem={trouble ? refusalText(trouble.code, trouble.details) : null}
          isSending={decisions.act.state === 'sending'}
          onClaim={take}
          onTakeOver={() => ask('take-over')}
          onVerdict={decide}
        />
      </div>
      <Questions desk={desk} />
    </Page>
  );
}
