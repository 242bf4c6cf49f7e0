import type { TerminalHome } from '@sallyport/contracts';
import { Confirmation } from '@sallyport/ui';
import { Press } from '@sallyport/ui';
import { Hand } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { saveAct } from '../../shell/acts';
import { useHouse, useNow } from '../../shell/terminal-context';

type Prompt = NonNullable<TerminalHome['presence']>;
/** The tone comes again until somebody answers. */
const TONE_EVERY = 10_000;
const DONE_FOR = 3_000;

/** Sounds at once and again while the prompt waits, also behind a person's session. */
export function usePresenceTone(prompt: Prompt | null, volume: number): void {
  const { sound } = useHouse();
  const id = prompt?.id;
  useEffect(() => {
    if (id === undefined) return;
    sound.play('presence', volume);
    const timer = setInterval(() => sound.play('presence', volume), TONE_EVERY);
    return () => clearInterval(timer);
  }, [id, sound, volume]);
}

/** The random presence prompt: one press by whoever is on duty, no proof. */
export function Presence({ prompt, onAnswered }: { prompt: Prompt; onAnswered: (id: string) => void }) {
  const { t } = useTranslation('cell');
  const { t: common } = useTranslation('common');
  const { terminal } = useHouse();
  const now = useNow();
  const [done, setDone] = useState<'no' | 'saved' | 'failed'>('no');
  const left = Math.max(0, Math.ceil((Date.parse(prompt.answerBy) - now) / 1_000));
  if (done !== 'no') {
    const failed = done === 'failed';
    return (
      <Confirmation
        tone={failed ? 'refused' : 'ok'}
        title={failed ? common('outbox.notDurable') : t('presence.done')}
        leaveAfter={DONE_FOR}
        onLeave={() => (failed ? setDone('no') : onAnswered(prompt.id))}
      />
    );
  }
  const answer = async (): Promise<void> => {
    const saved = await saveAct(terminal, terminal.draft('duty.presence', { prompt: prompt.id }));
    setDone(saved.ok ? 'saved' : 'failed');
  };
  return (
    <Press primary guard className="one-press" onPress={() => void answer()}>
      <Hand aria-hidden />
      {t('presence.title')}
      <b>{t('presence.press')}</b>
      <span>{t('presence.left', { s: left })}</span>
    </Press>
  );
}
