import type { RefusalCode } from '@sallyport/contracts';
import type { ItemView } from '@sallyport/offline';
import { Ltr, Press, Question, useFmt } from '@sallyport/ui';
import { useTranslation } from 'react-i18next';
import { type Go, HOME } from './pages';
import { useTerminal, useWatched, useZone } from './terminal-context';

const kinds = {
  'duty.sign-in': 'home.duty',
  'duty.handover': 'home.handover',
  'duty.presence': 'home.presence',
  'duty.comment': 'mine.comment',
  'duty.my-record': 'mine.title',
  'roll-call.answer': 'home.rollCall',
  'alert.call': 'emergency.call',
  'alert.withdraw': 'emergency.call',
  'person.register-passkey': 'passkey.title',
} as const;

/** What the server did not accept, one at a time: which act, when, why, and what to do. It says no name; the terminal does not know it. */
export function OutboxPage({ go }: { go: Go }) {
  const { t } = useTranslation('cell');
  const { t: common } = useTranslation('common');
  const { t: refusal } = useTranslation('refusal');
  const terminal = useTerminal();
  const fmt = useFmt(useZone());
  useWatched(terminal.outbox.summary);
  const [first] = terminal.outbox.unread();
  if (!first)
    return (
      <Question
        title={t('outbox.none')}
        children={
          <Press primary onPress={() => go(HOME)}>
            {common('nav.home')}
          </Press>
        }
      />
    );
  const why = (item: ItemView): string =>
    item.state === 'parked' ? common('state.parked') : item.code === null ? common('state.refused') : refusal(item.code as RefusalCode);
  return (
    <Question
      wide
      kicker={<Ltr>{fmt.dateTime(first.at)}</Ltr>}
      title={t(kinds[first.kind as keyof typeof kinds] ?? 'outbox.title')}
      lead={why(first)}
      below={<p className="note">{t('outbox.number', { n: first.seq })}</p>}
    >
      <Press
        tone="main"
        primary
        className="self-center"
        onPress={() => {
          void terminal.outbox.seen(first.id);
          if (terminal.outbox.unread().length <= 1) go(HOME);
        }}
      >
        {t('outbox.seen')}
      </Press>
    </Question>
  );
}
