import { type CommandOutcome, type dutyMyRecord, type OwnAnomaly, type ResultOf } from '@sallyport/contracts';
import { ChoiceList, Confirmation, Ltr, Question } from '@sallyport/ui';
import { MessageSquare } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { saveAct, useProgress, useRefusal } from '../../shell/acts';
import { type Go, HOME, type Page } from '../../shell/pages';
import { useHome, useTerminal, useWatched } from '../../shell/terminal-context';
import { MineComment } from './mine-comment';
import { useMonthDay } from '../../shell/month-day';
import { useMissedText } from './missed-text';
import { PersonProof } from './person-proof';
import { useSeatText } from './seat-text';

type OpenPage = Extract<Page, { at: 'mine-open' }>;
type OwnRecord = ResultOf<typeof dutyMyRecord>;

/** The own duty record needs the server: nothing of it rests on the shared machine. */
function NeedsNetwork({ go }: { go: Go }) {
  const { t } = useTranslation('cell');
  const { t: common } = useTranslation('common');
  return <Confirmation tone="refused" title={common('offline.badge')} lead={t('passkey.onLine')} onLeave={() => go(HOME)} />;
}

/** "My duty": which bed, then the person's own proof, which opens the own record and nobody else's. */
export function Mine({ page, masked, go }: { page: Extract<Page, { at: 'mine' }>; masked: boolean; go: Go }) {
  const { t } = useTranslation('cell');
  const terminal = useTerminal();
  const home = useHome();
  const seat = useSeatText();
  const { online } = useWatched(terminal.connection);
  const { bed } = page;
  if (!online) return <NeedsNetwork go={go} />;
  if (bed === undefined) {
    const items = (home?.view.beds ?? []).map((no) => ({ id: String(no), label: seat.bed(no) }));
    return (
      <Question kicker={t('mine.title')} title={t('duty.chooseBed')}>
        <ChoiceList aria-label={t('duty.chooseBed')} columns={3} items={items} onChoose={(id) => go({ at: 'mine', bed: Number(id) })} />
      </Question>
    );
  }
  return (
    <PersonProof
      kicker={t('mine.title')}
      bed={bed}
      wrong={page.wrong === true}
      masked={masked}
      draft={() => terminal.draft('duty.my-record', { person: { bed } })}
      onOther={() => go({ at: 'mine' })}
      onProved={(draft, proof) =>
        void saveAct(terminal, draft, proof).then((saved) => go(saved.ok ? { at: 'mine-open', bed, sent: saved.sent } : { at: 'not-saved', why: saved.why }))
      }
    />
  );
}

/** The next slots at the start side, what was missed at the end side, each to be explained by one press. */
function OwnRecordView({ record, page, go }: { record: OwnRecord; page: OpenPage; go: Go }): ReactNode {
  const { t } = useTranslation('cell');
  const seat = useSeatText();
  const monthDay = useMonthDay();
  const missed = useMissedText();
  const said = ({ comments }: OwnAnomaly): string => {
    const last = comments.at(-1);
    return last ? t('mine.said', { what: last.comment }) : t('mine.comment');
  };
  const standing = ({ state }: OwnAnomaly): string => (state === 'late-proved' ? `${t('mine.proved')} · ` : state === 'ended' ? `${t('mine.ended')} · ` : '');
  const items = record.anomalies.map((one) => ({ id: one.id, label: missed(one), detail: `${standing(one)}${said(one)}`, icon: MessageSquare }));
  return (
    <Question
      kicker={seat.bed(page.bed)}
      title={t('mine.next')}
      below={
        record.slots.length === 0 ? (
          <p className="lead">{t('duty.noNext')}</p>
        ) : (
          <ol className="own-slots">
            {record.slots.map((slot) => (
              <li key={slot.slot}>
                <span>{monthDay(slot.slot)}</span>
                <b>
                  <Ltr>{seat.hours(slot)}</Ltr>
                </b>
              </li>
            ))}
          </ol>
        )
      }
    >
      <div className="own-missed">
        <div>
          <h2>{t('mine.recent')}</h2>
          <p className="note">{t('mine.noEffect')}</p>
        </div>
        {items.length === 0 ? (
          <p className="lead">{t('mine.none')}</p>
        ) : (
          <ChoiceList
            aria-label={t('mine.recent')}
            rows={3}
            items={items}
            onChoose={(id) => {
              const about = record.anomalies.find((one) => one.id === id);
              if (about) go({ ...page, about });
            }}
          />
        )}
      </div>
    </Question>
  );
}

function Answered({ outcome, page, masked, go }: { outcome: CommandOutcome; page: OpenPage; masked: boolean; go: Go }): ReactNode {
  const { t: common } = useTranslation('common');
  const { t: refusal } = useTranslation('refusal');
  if (outcome.outcome !== 'accepted')
    return (
      <Confirmation
        tone="refused"
        title={common('state.refused')}
        lead={outcome.code ? refusal(outcome.code) : common('state.parkedNext')}
        onLeave={() => go(HOME)}
      />
    );
  if (page.about) return <MineComment page={page} about={page.about} masked={masked} go={go} />;
  if (masked)
    return (
      <div className="done">
        <h1>{common('idle.masked')}</h1>
      </div>
    );
  return <OwnRecordView record={outcome.result as OwnRecord} page={page} go={go} />;
}

/** The record once the server has answered. It lives in this page only and goes with it. */
export function MineOpen({ page, masked, go }: { page: OpenPage; masked: boolean; go: Go }) {
  const { t: common } = useTranslation('common');
  const { t } = useTranslation('cell');
  const terminal = useTerminal();
  const seat = useSeatText();
  const { online } = useWatched(terminal.connection);
  const { outcome } = useProgress(page.sent);
  useRefusal(page.sent, outcome, () => go({ at: 'mine', bed: page.bed, wrong: true }));
  if (outcome) return <Answered outcome={outcome} page={page} masked={masked} go={go} />;
  if (!online) return <NeedsNetwork go={go} />;
  return <Question kicker={t('mine.title')} title={seat.bed(page.bed)} lead={common('state.loading')} children={null} />;
}
