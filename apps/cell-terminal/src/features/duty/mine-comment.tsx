import type { OwnAnomaly } from '@sallyport/contracts';
import { ChoiceList, Confirmation, Question, StateLine } from '@sallyport/ui';
import { useTranslation } from 'react-i18next';
import { saveAct, useProgress, useRefusal } from '../../shell/acts';
import { type Go, HOME, MISSED_REASONS, type MissedReason, type Page } from '../../shell/pages';
import { useTerminal } from '../../shell/terminal-context';
import { useMissedText } from './missed-text';
import { PersonProof } from './person-proof';

type OpenPage = Extract<Page, { at: 'mine-open' }>;

/** The person's own reason, from a list, with a proof of its own: proofs are bound to the act they were made for. */
export function MineComment({ page, about, masked, go }: { page: OpenPage; about: OwnAnomaly; masked: boolean; go: Go }) {
  const { t } = useTranslation('cell');
  const terminal = useTerminal();
  const missed = useMissedText();
  const { bed, reason, wrong: _wrong, ...record } = page;
  if (reason === undefined) {
    return (
      <Question kicker={t('mine.comment')} title={t('mine.commentAsk')} {...(!masked && { lead: missed(about) })} below={<p>{t('mine.noEffect')}</p>}>
        <ChoiceList
          aria-label={t('mine.commentAsk')}
          columns={2}
          items={MISSED_REASONS.map((id) => ({ id, label: t(`mine.${id}`) }))}
          onChoose={(id) => go({ ...page, reason: id as MissedReason })}
        />
      </Question>
    );
  }
  return (
    <PersonProof
      kicker={t('mine.comment')}
      bed={bed}
      wrong={page.wrong === true}
      masked={masked}
      draft={() => terminal.draft('duty.comment', { person: { bed }, anomaly: about.id, comment: t(`mine.${reason}`, { lng: 'zh-CN' }) })}
      onOther={() => go({ ...record, bed })}
      onProved={(draft, proof) =>
        void saveAct(terminal, draft, proof).then((saved) =>
          go(saved.ok ? { at: 'mine-commented', sent: saved.sent, from: page } : { at: 'not-saved', why: saved.why }),
        )
      }
    />
  );
}

/** How far the person's words have come. */
export function MineCommented({ page, go }: { page: Extract<Page, { at: 'mine-commented' }>; go: Go }) {
  const { t } = useTranslation('cell');
  const { t: common } = useTranslation('common');
  const { t: refusal } = useTranslation('refusal');
  const { state, outcome } = useProgress(page.sent);
  useRefusal(page.sent, outcome, () => go({ ...page.from, wrong: true }));
  if (outcome?.outcome === 'refused')
    return <Confirmation tone="refused" title={common('state.refused')} lead={outcome.code && refusal(outcome.code)} onLeave={() => go(HOME)} />;
  return (
    <Confirmation
      tone={outcome ? 'ok' : 'saved'}
      title={outcome ? t('mine.commentDone') : common('state.saved')}
      next={<StateLine state={state} />}
      onLeave={() => go(HOME)}
    />
  );
}
