import { MINUTE, must, SECOND } from '@sallyport/basics';
import { CHANGE_EVENT, type ChangeHint, demoClockPath, demoSignInPath, linkPath, openAlerts, type PolicyDocument, policyDocument } from '@sallyport/contracts';
import { nextSlotAfter, slotTimes } from '@sallyport/domain';
import { io, type Socket } from 'socket.io-client';
import { postWithHost } from '../support/site.js';
import { askDatabase, type DemoSite, startDemo, stopDemo } from './demo-site.js';
import { requestBytes, Wire } from './load/wire.js';
import type { Run } from './scenario.js';

const RAISED_GOAL_MS = 2_000;
const SHOWN_GOAL_MS = 1_000;
/** So long before the alarm falls due the clock is left to run by itself. */
const LEAD_MS = 4 * SECOND;
const PATIENCE_MS = 30 * SECOND;

/** Moves the site's clock. Gives its new time. */
async function advance({ port }: DemoSite, advanceMs: number): Promise<number> {
  return Date.parse(((await postWithHost(port, 'console.localhost', demoClockPath, { advanceMs })) as { now: string }).now);
}

interface Officer {
  readonly host: string;
  readonly cookie: string;
}

async function signIn(site: DemoSite): Promise<Officer> {
  const { signInUrl } = (await postWithHost(site.port, 'console.localhost', demoSignInPath, { role: 'control-room' })) as { signInUrl: string };
  const { hash, host } = new URL(signInUrl);
  const wire = await Wire.open(site.port);
  const body = JSON.stringify({ token: hash.slice(1) });
  const { status, body: text, headers } = await wire.send(requestBytes({ path: linkPath, headers: { host, 'content-type': 'application/json' }, body }));
  wire.close();
  if (status !== 200) throw new Error(`the officer could not sign in: ${status} ${text}`);
  return { host, cookie: must(/set-cookie: *([^;\r]+)/i.exec(headers)?.[1], 'cookie of the session') };
}

async function connectConsole(site: DemoSite, { host, cookie }: Officer): Promise<Socket> {
  const socket = io(`http://127.0.0.1:${site.port}`, { transports: ['websocket'], extraHeaders: { host, cookie } });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}

async function alertsAt(site: DemoSite, { host, cookie }: Officer): Promise<{ kind: string }[]> {
  const wire = await Wire.open(site.port);
  const { status, body } = await wire.send(requestBytes({ method: 'GET', path: openAlerts.path, headers: { host, cookie } }));
  wire.close();
  if (status !== 200) throw new Error(`the alerts were answered ${status}: ${body}`);
  return (JSON.parse(body) as { alerts: { kind: string }[] }).alerts;
}

/** When a console that follows its hints first has an alarm of this slot on its screen. */
async function shown(site: DemoSite, officer: Officer, known: number): Promise<number> {
  const socket = await connectConsole(site, officer);
  return new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no alarm reached the console')), PATIENCE_MS);
    const look = async (hint: ChangeHint) => {
      if (hint.topic !== 'alert') return;
      const alerts = (await alertsAt(site, officer)).filter(({ kind }) => kind === 'duty-anomaly');
      if (alerts.length <= known) return;
      clearTimeout(timer);
      socket.close();
      resolve(Date.now());
    };
    socket.on(CHANGE_EVENT, (hint: ChangeHint) => void look(hint).catch(reject));
  });
}

async function raisedAt(site: DemoSite, slot: string): Promise<number> {
  const rows = await askDatabase<{ at: Date }>(site, 'select min(raised_at) as at from duty_anomaly where slot = $1', [slot]);
  return must(rows[0]?.at, 'anomaly of the slot').getTime();
}

async function policyOf(site: DemoSite): Promise<PolicyDocument> {
  const rows = await askDatabase<{ document: unknown }>(site, 'select document from policy_version order by version desc limit 1');
  return policyDocument.parse(must(rows[0], 'policy of the site').document);
}

async function measure(site: DemoSite): Promise<{ raisedMs: number; shownMs: number }> {
  const officer = await signIn(site);
  const policy = await policyOf(site);
  const slot = must(nextSlotAfter((await advance(site, 1)) + 15 * MINUTE, policy), 'slot');
  const due = slotTimes(slot, policy).onTimeUntil;
  const now = await advance(site, due - LEAD_MS - (await advance(site, 1)));
  const offset = now - Date.now();
  const known = (await alertsAt(site, officer)).filter(({ kind }) => kind === 'duty-anomaly').length;
  const onScreen = (await shown(site, officer, known)) + offset;
  const raised = await raisedAt(site, slot.key);
  return { raisedMs: raised - due, shownMs: onScreen - raised };
}

/** From the end of a window in which nobody signed in to the alarm, and from there to the screen of an officer who follows the socket's hints. */
export async function measureAlarm(run: Run): Promise<void> {
  const site = await startDemo(run.smoke ? 'county' : 'district');
  try {
    const { raisedMs, shownMs } = await measure(site);
    run.print(`Alarm after a missed window: raised after ${raisedMs} ms, goal ≤ ${RAISED_GOAL_MS} ms: ${raisedMs <= RAISED_GOAL_MS ? 'met' : 'not met'}`);
    run.print(`  on an officer's screen ${shownMs} ms later, goal ≤ ${SHOWN_GOAL_MS} ms: ${shownMs <= SHOWN_GOAL_MS ? 'met' : 'not met'}`);
  } finally {
    await stopDemo(site);
  }
}
