import { RouterProvider } from 'react-aria-components';
import { Navigate, Route, Routes, useHref, useNavigate } from 'react-router';
import { LockedPage } from './features/access/locked-page';
import { SessionGate, useSession } from './features/access/session';
import { SignInPage } from './features/access/sign-in-page';
import { AlarmPage } from './features/alert/alarm-page';
import { QueuePage } from './features/work/queue-page';
import { Frame } from './shell/frame';
import { lazyPage } from './shell/lazy-page';
import { PAGES } from './shell/pages';
import { NoSuchPage, Unreachable, Waiting } from './shell/states';

const BoardPage = lazyPage(() => import('./features/duty/board-page'), 'BoardPage');
const RosterPage = lazyPage(() => import('./features/roster/roster-page'), 'RosterPage');
const NightPage = lazyPage(() => import('./features/duty/night-page'), 'NightPage');
const RecordsPage = lazyPage(() => import('./features/records/records-page'), 'RecordsPage');
const RollCallPage = lazyPage(() => import('./features/roll-call/roll-call-page'), 'RollCallPage');
const DevicePage = lazyPage(() => import('./features/device/device-page'), 'DevicePage');
const PolicyPage = lazyPage(() => import('./features/policy/policy-page'), 'PolicyPage');
const AccountsPage = lazyPage(() => import('./features/access/accounts-page'), 'AccountsPage');
const AuditPage = lazyPage(() => import('./features/audit/audit-page'), 'AuditPage');
const PeoplePage = lazyPage(() => import('./features/person/people-page'), 'PeoplePage');

/** The queue, or for posts without one the first page that they may see. The same for one item of it: the list and the undo stay as they are. */
function Home() {
  const { can } = useSession();
  const first = PAGES.find(({ permission }) => can(permission));
  return first && first.path !== '/' ? <Navigate to={first.path} replace /> : <QueuePage />;
}

/** The pages behind sign-in. */
function Pages() {
  return (
    <Routes>
      <Route element={<Frame />}>
        <Route index element={<Home />} />
        <Route path="work/:item" element={<Home />} />
        <Route path="duty" element={<BoardPage />} />
        <Route path="roster" element={<RosterPage />} />
        <Route path="roster/:cell" element={<RosterPage />} />
        <Route path="roster/:cell/:week" element={<RosterPage />} />
        <Route path="night" element={<NightPage />} />
        <Route path="night/:date" element={<NightPage />} />
        <Route path="records" element={<RecordsPage />} />
        <Route path="roll-calls" element={<RollCallPage />} />
        <Route path="devices" element={<DevicePage />} />
        <Route path="policy" element={<PolicyPage />} />
        <Route path="accounts" element={<AccountsPage />} />
        <Route path="audit" element={<AuditPage />} />
        <Route path="people" element={<PeoplePage />} />
        <Route path="alerts/:alert" element={<AlarmPage />} />
        <Route path="*" element={<NoSuchPage />} />
      </Route>
    </Routes>
  );
}

const unreachable = (retry: () => void) => <Unreachable retry={retry} />;

/** The console: a one-time link or the sign-in page, then the pages. */
export function App() {
  const navigate = useNavigate();
  return (
    <RouterProvider navigate={(path) => void navigate(path)} useHref={useHref}>
      <Routes>
        <Route path="sign-in" element={<SignInPage />} />
        <Route
          path="*"
          element={
            <SessionGate signIn={<SignInPage />} locked={<LockedPage />} waiting={<Waiting />} unreachable={unreachable}>
              <Pages />
            </SessionGate>
          }
        />
      </Routes>
    </RouterProvider>
  );
}
