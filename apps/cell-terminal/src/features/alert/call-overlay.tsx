import { CallPage, useFmt } from '@sallyport/ui';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useNow, useZone } from '../../shell/terminal-context';
import { type CallControl, useCall } from './call';
import type { CallStage } from './call-state';

/** A page with nothing left to wait for leaves after this long; one that waits can be put aside after it. */
const LEAVE_AFTER = 10_000;
const over = new Set<CallStage>(['ended', 'withdrawn', 'unsaved', 'idle']);
const pageState = {
  idle: 'withdrawn',
  calling: 'calling',
  saved: 'saved',
  answered: 'answered',
  arrived: 'arrived',
  ended: 'arrived',
  withdrawn: 'withdrawn',
  unsaved: 'saved',
} as const;

function useWords(call: CallControl): { title: string; lead: string } {
  const { t } = useTranslation('cell');
  const fmt = useFmt(useZone());
  const who = call.remote?.by ?? '';
  switch (call.stage) {
    case 'calling':
      return { title: t('emergency.calling'), lead: t('emergency.callingHint') };
    case 'saved':
      return { title: t('emergency.offline'), lead: t('emergency.savedAt', { time: fmt.second(call.own?.at ?? 0) }) };
    case 'unsaved':
      return { title: t('emergency.offline'), lead: t('storage.full') };
    case 'answered':
      return {
        title: t('emergency.answered'),
        lead: who === '' ? t('emergency.callingHint') : t('emergency.answeredBy', { who, time: fmt.time(Date.parse(call.remote?.at ?? '')) }),
      };
    case 'arrived':
      return { title: t('emergency.arrived'), lead: who };
    case 'withdrawn':
    case 'idle':
      return { title: t('emergency.cancelled'), lead: '' };
    case 'ended':
      return { title: t('emergency.ended'), lead: '' };
  }
}

function useStages({ stage, own, remote }: CallControl): { label: string; time?: string }[] {
  const { t } = useTranslation('cell');
  const fmt = useFmt(useZone());
  if (stage !== 'calling' && stage !== 'answered' && stage !== 'arrived') return [];
  const at = remote === null ? null : fmt.second(Date.parse(remote.at));
  return [
    { label: t('emergency.stage.sent'), ...(own ? { time: fmt.second(own.at) } : {}) },
    { label: t('emergency.stage.answered'), ...(stage === 'answered' && at ? { time: at } : {}) },
    { label: t('emergency.stage.arrived'), ...(stage === 'arrived' && at ? { time: at } : {}) },
  ];
}

/** The full page of a running call. */
export function CallOverlay() {
  const { t } = useTranslation('cell');
  const { t: common } = useTranslation('common');
  const call = useCall();
  const now = useNow();
  const { title, lead } = useWords(call);
  const stages = useStages(call);
  const shownAt = useRef({ stage: call.stage, at: now });
  if (shownAt.current.stage !== call.stage) shownAt.current = { stage: call.stage, at: now };
  const rested = now - shownAt.current.at >= LEAVE_AFTER;
  const leave = over.has(call.stage) && rested;
  useEffect(() => {
    if (leave) call.close();
  });
  const seconds = call.withdrawSeconds;
  return (
    <CallPage
      state={pageState[call.stage]}
      title={title}
      lead={lead}
      stages={stages.some(({ time }) => time) ? stages : []}
      foot={t('emergency.onlyStaff')}
      {...(seconds > 0 && { cancel: { label: t('emergency.cancel', { s: seconds }), onPress: call.withdraw } })}
      {...((over.has(call.stage) || rested) && { close: { label: common('nav.back'), onPress: call.close } })}
    />
  );
}
