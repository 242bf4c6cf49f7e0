import { alertPauseSound } from '@sallyport/contracts';
import { Button, createSound } from '@sallyport/ui';
import { Volume2, VolumeX } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../platform/use-act';
import type { RingingAlarms } from './ringing';

const sound = createSound();

/** The browser's own leave to make a sound: it is given by the first press of the officer anywhere. */
function useBlocked(): { readonly blocked: boolean; readonly unlock: () => void } {
  const [blocked, setBlocked] = useState(() => sound.blocked);
  const unlock = useCallback(() => void sound.unlock().then((works) => setBlocked(!works)), []);
  useEffect(() => {
    window.addEventListener('pointerdown', unlock);
    window.addEventListener('keydown', unlock);
    return () => {
      window.removeEventListener('pointerdown', unlock);
      window.removeEventListener('keydown', unlock);
    };
  }, [unlock]);
  return { blocked, unlock };
}

interface AlarmSound {
  /** The level that would sound, were it not paused. */
  readonly ringing: RingingAlarms;
  /** False for a locked console, which only shows and sounds. */
  readonly mayPause: boolean;
}

/** Sounds the level of the worst alarm that rings, and gives what the strip shows about the sound: who has paused it, or the button that does. */
export function useAlarmSound({ ringing, mayPause }: AlarmSound): ReactNode {
  const { t } = useTranslation('console');
  const { blocked, unlock } = useBlocked();
  const pause = useAct(alertPauseSound);
  const { level, audible, pausedBy, secondsLeft } = ringing;
  const sounding = blocked ? null : audible;
  useEffect(() => {
    sound.alarm(sounding);
    return () => sound.alarm(null);
  }, [sounding]);
  if (blocked) return <SoundButton label={t('alert.soundOff')} onPress={unlock} off />;
  if (!level) return null;
  return (
    <>
      {pausedBy && <span>{t('alert.pausedBy', { who: pausedBy, s: secondsLeft })}</span>}
      {audible && mayPause && ringing.pausable.length > 0 && (
        <SoundButton label={t('alert.pause')} onPress={() => ringing.pausable.forEach((alert) => void pause.run({ alert }))} />
      )}
    </>
  );
}

function SoundButton({ label, onPress, off = false }: { label: string; onPress: () => void; off?: boolean }) {
  return (
    <Button tone="quiet" size="sm" icon={off ? VolumeX : Volume2} onPress={onPress}>
      {label}
    </Button>
  );
}
