import { SECOND, siteTime } from '@sallyport/basics';
import { wipePersonalState } from '@sallyport/offline';
import { applyLook, IdleVeil, profileOf, TextSizeContext, useFmt, useIdle, useTextSize } from '@sallyport/ui';
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from './features/alert/call';
import { CallOverlay } from './features/alert/call-overlay';
import { DevicePage } from './features/device/device-page';
import { DutySignIn } from './features/duty/duty-page';
import { DutySent } from './features/duty/duty-sent';
import { Presence, usePresenceTone } from './features/duty/presence-page';
import { isNight, openSlot } from './features/duty/slots';
import { useRollCallSoon } from './features/roll-call/soon';
import { CellScreen } from './shell/frame';
import { Home } from './shell/home';
import { NotSaved } from './shell/not-saved';
import { HOME, type Page } from './shell/pages';
import { useHome, useHouse, useNow, useWatched, useZone } from './shell/terminal-context';
import { useDutyReminder } from './features/duty/reminder';

const Handover = lazy(async () => ({ default: (await import('./features/duty/handover-page')).Handover }));
const HandoverSent = lazy(async () => ({ default: (await import('./features/duty/handover-page')).HandoverSent }));
const Roster = lazy(async () => ({ default: (await import('./features/duty/roster-page')).Roster }));
const RollCall = lazy(async () => ({ default: (await import('./features/roll-call/roll-call-page')).RollCall }));
const Mine = lazy(async () => ({ default: (await import('./features/duty/mine-page')).Mine }));
const MineOpen = lazy(async () => ({ default: (await import('./features/duty/mine-page')).MineOpen }));
const MineCommented = lazy(async () => ({ default: (await import('./features/duty/mine-comment')).MineCommented }));
const PasskeyRegistration = lazy(async () => ({ default: (await import('./features/device/passkey-page')).PasskeyRegistration }));
const LanguagePage = lazy(async () => ({ default: (await import('./shell/language-page')).LanguagePage }));
const OutboxPage = lazy(async () => ({ default: (await import('./shell/outbox-page')).OutboxPage }));

/** Before the site's policy is known: the defaults of the house. */
const IDLE = { maskSeconds: 15, askSeconds: 45, answerSeconds: 20 };
/** At night the cell sleeps: sounds that are no alarm are soft. */
const DAY_VOLUME = 0.6;
const NIGHT_VOLUME = 0.15;

function useNight(): boolean {
  const home = useHome();
  const zone = useZone();
  const fmt = useFmt(zone);
  const now = useNow(10 * SECOND);
  return home !== null && isNight(fmt.time(now), home.view.settings.lightsOut, home.view.settings.lightsOn);
}

function useLook(night: boolean, largeText: boolean): void {
  useEffect(() => {
    const look = (): void => applyLook({ device: profileOf(window.innerWidth, window.innerHeight), theme: night ? 'night' : 'day', largeText });
    look();
    window.addEventListener('resize', look);
    return () => window.removeEventListener('resize', look);
  }, [night, largeText]);
}

/** Reads the idle screen anew around the moments at which it changes by itself. */
function useFreshHome(): void {
  const { terminal } = useHouse();
  const home = useHome();
  const zone = useZone();
  const now = useNow(SECOND);
  const { minute } = siteTime(now, zone);
  const open = home ? openSlot(home.view, now)?.slot : undefined;
  const moment = `${minute} ${open ?? ''}`;
  // The start reads everything by itself.
  const read = useRef(moment);
  useEffect(() => {
    if (read.current === moment) return;
    read.current = moment;
    void terminal.refreshHome();
  }, [terminal, moment]);
}

function Content({ page, go, masked }: { page: Page; go: (page: Page) => void; masked: boolean }): ReactNode {
  const home = useHome();
  const rollCall = home?.view.rollCall ?? null;
  switch (page.at) {
    case 'home':
      return <Home go={go} />;
    case 'language':
      return <LanguagePage go={go} />;
    case 'roster':
      return <Roster />;
    case 'outbox':
      return <OutboxPage go={go} />;
    case 'duty':
      return <DutySignIn key={`${page.slot}/${page.bed ?? ''}/${page.wrong ?? ''}`} page={page} masked={masked} go={go} />;
    case 'duty-sent':
      return <DutySent key={page.sent.id} page={page} go={go} />;
    case 'handover':
      return <Handover page={page} masked={masked} go={go} />;
    case 'handover-sent':
      return <HandoverSent page={page} go={go} />;
    case 'roll-call':
      return rollCall && <RollCall call={rollCall} page={page} masked={masked} go={go} />;
    case 'passkey':
      return <PasskeyRegistration key={page.bed ?? 0} page={page} masked={masked} go={go} />;
    case 'mine':
      return <Mine page={page} masked={masked} go={go} />;
    case 'mine-open':
      return <MineOpen page={page} masked={masked} go={go} />;
    case 'mine-commented':
      return <MineCommented page={page} go={go} />;
    case 'not-saved':
      return <NotSaved why={page.why} onLeave={() => go(HOME)} />;
  }
}

function backOf(page: Page): Page {
  if ((page.at === 'duty' || page.at === 'handover') && page.bed !== undefined) return { at: page.at, slot: page.slot };
  if (page.at === 'mine' && page.bed !== undefined) return { at: 'mine' };
  if (page.at === 'mine-open' && page.about) {
    const { reason, wrong: _wrong, about, ...record } = page;
    return reason === undefined ? record : { ...record, about };
  }
  if (page.at === 'roll-call') return { at: 'roll-call' };
  return HOME;
}

/** Calls `done` when nobody has touched the screen for `after` milliseconds while `active`. */
function useQuiet(active: boolean, after: number, done: () => void): void {
  const latest = useRef(done);
  latest.current = done;
  useEffect(() => {
    if (!active) return;
    let timer = setTimeout(() => latest.current(), after);
    const touched = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => latest.current(), after);
    };
    window.addEventListener('pointerdown', touched, { capture: true, passive: true });
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pointerdown', touched, { capture: true });
    };
  }, [active, after]);
}

/** The terminal in service: home, a person's task, prompts that take over the idle screen, help over all. */
function InService({ onIdle }: { onIdle: (idle: boolean) => void }) {
  const { i18n } = useTranslation();
  const home = useHome();
  const call = useCall();
  const now = useNow();
  const [chosen, setPage] = useState<Page>(HOME);
  const [answered, setAnswered] = useState('');
  const volume = useNight() ? NIGHT_VOLUME : DAY_VOLUME;
  const settings = home?.view.settings ?? IDLE;
  const prompt = home?.view.presence ?? null;
  const presence = prompt && prompt.id !== answered && now < Date.parse(prompt.answerBy) ? prompt : null;
  const rollCall = home?.view.rollCall ?? null;
  const page: Page = chosen.at === 'roll-call' && !rollCall ? HOME : chosen.at === 'home' && rollCall ? { at: 'roll-call' } : chosen;
  const personal = page.at !== 'home' && !(page.at === 'roll-call' && page.bed === undefined);
  const { setLarge } = useTextSize();
  const [own, setOwn] = useState(false);
  const [aside, setAside] = useState('');
  const leave = (): void => {
    setPage(HOME);
    setOwn(false);
    setLarge(false);
    wipePersonalState();
    void i18n.changeLanguage('zh-CN');
  };
  const idle = useIdle({
    active: personal && !call.open,
    timing: { maskAfter: settings.maskSeconds * SECOND, askAfter: settings.askSeconds * SECOND, answerWithin: settings.answerSeconds * SECOND },
    onLeave: leave,
  });
  const go = (to: Page): void => {
    // Language and size of the text are of the person who chose them, also where that person goes no further than the idle screen.
    if (page.at === 'language') setOwn(true);
    // Who leaves the roll call for duty knows of it and is not sent back in the middle.
    if (page.at === 'roll-call' && to.at !== 'roll-call') setAside(rollCall?.id ?? '');
    setPage(to);
  };
  useQuiet(own && !personal && !call.open, (settings.askSeconds + settings.answerSeconds) * SECOND, leave);
  const soon = useRollCallSoon(personal && page.at !== 'roll-call' && rollCall && rollCall.id !== aside ? rollCall.id : null, volume, leave);
  usePresenceTone(presence, volume);
  useDutyReminder(volume);
  useFreshHome();
  const restful = !personal && !call.open && presence === null && rollCall === null;
  useEffect(() => onIdle(restful), [restful, onIdle]);
  if (call.open) return <CallOverlay />;
  const asking = idle.phase === 'asking' || idle.phase === 'left';
  const showPresence = presence !== null && !personal;
  return (
    <CellScreen
      go={go}
      home={page.at === 'home' && !showPresence && !asking}
      idle={!personal}
      soon={soon}
      {...(personal && { onBack: () => go(backOf(page)) })}
    >
      {asking ? (
        <IdleVeil secondsLeft={idle.secondsLeft} onStay={idle.stay} />
      ) : (
        <Suspense fallback={null}>
          {showPresence ? <Presence prompt={presence} onAnswered={setAnswered} /> : <Content page={page} go={go} masked={idle.phase === 'masked'} />}
        </Suspense>
      )}
    </CellScreen>
  );
}

/** One terminal. `onIdle` says when nobody uses it, so that a new build may take over. */
export function App({ enrolCode, largeText, onIdle }: { enrolCode: string; largeText: boolean; onIdle: (idle: boolean) => void }) {
  const [large, setLarge] = useState(largeText);
  const textSize = useMemo(() => ({ large, setLarge }), [large]);
  useLook(useNight(), large);
  return (
    <TextSizeContext value={textSize}>
      <Screens enrolCode={enrolCode} onIdle={onIdle} />
    </TextSizeContext>
  );
}

function Screens({ enrolCode, onIdle }: { enrolCode: string; onIdle: (idle: boolean) => void }) {
  const { terminal } = useHouse();
  const identity = useWatched(terminal.identity);
  const call = useCall();
  const active = identity?.state === 'active';
  const [code, setCode] = useState(enrolCode);
  const taken = active || identity?.state === 'waiting';
  // A code serves once: a terminal that is ended later must say so, not try the old code again.
  useEffect(() => {
    if (taken) setCode('');
  }, [taken]);
  useEffect(() => {
    if (!active) onIdle(true);
  }, [active, onIdle]);
  if (active) return <InService onIdle={onIdle} />;
  return call.open ? <CallOverlay /> : <DevicePage key={code} identity={identity} initialCode={code} />;
}
