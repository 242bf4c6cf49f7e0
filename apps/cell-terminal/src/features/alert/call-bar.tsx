import { CallBar } from '@sallyport/ui';
import { useTranslation } from 'react-i18next';
import { useTerminal, useWatched } from '../../shell/terminal-context';
import { useCall } from './call';

/** Help at the foot of every page, with the honest state of a running call. Off line the hint names the wired button. */
export function CellCallBar() {
  const { t } = useTranslation('common');
  const { stage, press } = useCall();
  const { online } = useWatched(useTerminal().connection);
  const state = stage === 'ended' || stage === 'unsaved' ? 'idle' : stage;
  const wall = !online || stage === 'unsaved' ? { hint: t('offline.wallAlarm') } : {};
  return <CallBar onPress={press} state={state} {...wall} />;
}
