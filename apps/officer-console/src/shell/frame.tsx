import type { AlertRow } from '@sallyport/contracts';
import { applyLook, Avatar, Button, Desk, Foot, HotkeysProvider, type KeyHint, Page, Rail, Skeleton, useCalendarZone, useFmt, useHotkeys } from '@sallyport/ui';
import { useQuery } from '@tanstack/react-query';
import { Lock, LogOut, MoonStar } from 'lucide-react';
import { createContext, type ReactNode, Suspense, useContext, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Outlet, useLocation, useNavigate } from 'react-router';
import { onShift, workQueue } from '@sallyport/contracts';
import { AlarmInFront } from '../features/alert/alarm-in-front';
import { AlarmStrip } from '../features/alert/alarm-strip';
import { useOpenAlerts } from '../features/alert/use-open-alerts';
import { lock, signOut } from '../features/access/ceremonies';
import { useSession } from '../features/access/session';
import { reading } from '../platform/queries';
import { siteNow, takeServerTime } from '../platform/site-clock';
import { HelpDialog } from './help-dialog';
import { PageBoundary } from './page-boundary';
import { Palette } from './palette';
import { LanguageSwitch } from './language-switch';
import { LiveProvider, useLive } from './live-context';
import { rememberedLook, rememberLook } from './look';
import { PAGES, pageAt } from './pages';
import { useIdleLock } from './use-idle-lock';

const HintsContext = createContext<(hints: readonly KeyHint[]) => void>(() => undefined);

/** Names the keys of a page in the foot for as long as the page is open. */
export function useKeyHints(hints: readonly KeyHint[]): void {
  const setHints = useContext(HintsContext);
  const text = JSON.stringify(hints);
  useEffect(() => {
    setHints(JSON.parse(text) as KeyHint[]);
    return () => setHints([]);
  }, [setHints, text]);
}

function useCounts(): Partial<Record<string, number>> {
  const { can } = useSession();
  const { data } = useQuery({ ...reading(workQueue, {}, { state: 'waiting', limit: 1 }), enabled: can('work.read') });
  const { counts } = useOpenAlerts();
  return { queue: data?.counts['waiting'] ?? 0, duty: counts.high + counts.medium };
}

function Me({ onHelp }: { onHelp: () => void }) {
  const { t } = useTranslation('console');
  const { me, reread } = useSession();
  const posts = me.posts.map(({ role }) => t(`role.${role}`)).join(' · ');
  const changeTheme = () => {
    const look = rememberedLook();
    const theme = look.theme === 'night' ? 'day' : 'night';
    rememberLook({ ...look, theme });
    applyLook({ device: 'desk', theme });
  };
  return (
    <div className="me">
      <div className="flex items-center gap-2 min-w-0" title={`${me.name} · ${posts}`}>
        <Avatar name={me.name} />
        <div className="min-w-0 me-words">
          <b className="block truncate">{me.name}</b>
          <span className="block truncate text-xs text-muted">{posts}</span>
        </div>
      </div>
      <div className="me-acts">
        <Button size="sm" tone="quiet" icon={MoonStar} onPress={changeTheme} aria-label={t('nav.theme')} />
        <Button size="sm" tone="quiet" icon={Lock} onPress={() => void lock().then(reread)} aria-label={t('nav.lock')} />
        <Button size="sm" tone="quiet" icon={LogOut} onPress={() => void signOut().then(reread)} aria-label={t('nav.signOut')} />
        <Button size="sm" tone="quiet" onPress={onHelp} aria-label={t('nav.help')}>
          ?
        </Button>
        <LanguageSwitch />
      </div>
    </div>
  );
}

function FootEnd() {
  const { t } = useTranslation('console');
  const { me, can } = useSession();
  const fmt = useFmt(me.timeZone);
  const { state, asOf } = useLive();
  const { data } = useQuery({ ...reading(onShift), enabled: can('work.read') });
  const claims = data?.officers.reduce((sum, officer) => sum + officer.claims, 0) ?? 0;
  return (
    <>
      <span role="status" className="live" data-state={state}>
        {t(`live.${state}`, { time: asOf === null ? '' : fmt.moment(asOf, siteNow()) })}
      </span>
      {data && <span>{`${t('queue.onShift', { n: data.officers.length })} · ${t('queue.claims', { n: claims })}`}</span>}
    </>
  );
}

function useGoKeys(onHelp: () => void, onPalette: () => void, alert: AlertRow | undefined): void {
  const navigate = useNavigate();
  const { can } = useSession();
  const pages = PAGES.filter(({ permission }) => can(permission));
  useHotkeys([
    ...pages.map(({ code, path }) => ({ keys: `KeyG ${code}`, run: () => void navigate(path) })),
    { keys: 'Shift+Slash', run: onHelp },
    { keys: 'Ctrl+KeyK', run: onPalette },
    ...(alert ? [{ keys: 'Alt+KeyA', run: () => void navigate(`/alerts/${alert.id}`), inDialog: true }] : []),
  ]);
}

function FrameParts({ keysOn, setKeysOn }: { keysOn: boolean; setKeysOn: (on: boolean) => void }) {
  const { t } = useTranslation('console');
  const { me, can } = useSession();
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const [hints, setHints] = useState<readonly KeyHint[]>([]);
  const [help, setHelp] = useState(false);
  const [palette, setPalette] = useState(false);
  const counts = useCounts();
  const { worst } = useOpenAlerts();
  useGoKeys(
    () => setHelp(true),
    () => setPalette(true),
    worst,
  );
  useIdleLock(me.idleLockSeconds);
  const items = PAGES.filter(({ permission }) => can(permission)).map(({ id, path, icon, code }) => ({
    id,
    label: t(`nav.${id}`),
    icon,
    href: path,
    count: counts[id],
    hotkey: `G ${code.slice(3)}`,
  }));
  return (
    <Desk>
      <AlarmStrip zone={me.timeZone} onOpen={(alert) => void navigate(`/alerts/${alert.id}`)} />
      <Rail items={items} current={pathname.startsWith('/alerts') ? '' : pageAt(pathname)} siteName={me.siteName} me={<Me onHelp={() => setHelp(true)} />} />
      <HintsContext value={setHints}>
        <Suspense
          fallback={
            <Page>
              <Skeleton rows={8} />
            </Page>
          }
        >
          <PageBoundary key={pageAt(pathname)}>
            <Outlet />
          </PageBoundary>
        </Suspense>
      </HintsContext>
      <Foot hints={hints} end={<FootEnd />} />
      <AlarmInFront />
      {palette && <Palette onClose={() => setPalette(false)} />}
      <HelpDialog isOpen={help} onClose={() => setHelp(false)} hints={hints} keysOn={keysOn} setKeysOn={setKeysOn} />
    </Desk>
  );
}

/** What stands round every page: alarms, the pages, the keys, whether all is live. */
export function Frame(): ReactNode {
  const { me } = useSession();
  const [keysOn, setKeysOn] = useState(true);
  useEffect(() => takeServerTime(me.serverTime), [me.serverTime]);
  useCalendarZone(me.timeZone);
  return (
    <LiveProvider cursor={me.cursor}>
      <HotkeysProvider enabled={keysOn}>
        <FrameParts keysOn={keysOn} setKeysOn={setKeysOn} />
      </HotkeysProvider>
    </LiveProvider>
  );
}
