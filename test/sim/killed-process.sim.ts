import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND, stableJson } from '@sallyport/basics';
import type { Proof, TerminalHome } from '@sallyport/contracts';
import { fileKeys, type Ports, seal, Terminal } from '@sallyport/offline';
import { nodeClock, nodeNet, nodeRandom, noHints, soleLeader } from '@sallyport/offline/node';
import pg from 'pg';
import { expect, test } from 'vitest';
import { loadKeys } from '../../apps/server/src/platform/crypto/index.js';
import { type Site, startSite } from '../support/site.js';
import { Disk } from './disk.js';
import { readFinalState } from './final-state.js';
import { checkHistory, type HistoryEvent } from './history.js';

const CELLS = ['0101', '0102', '0103', '0104'];
/** Acts of each terminal: enough that the server is in the middle of many when it dies. */
const CALLS = 25;
const ANSWERED_WITHIN = 60 * SECOND;
/** The log gives leaves every five seconds. */
const LEAVES_WITHIN = 30 * SECOND;

function portsOf(site: Site): Ports {
  const disk = new Disk();
  const on = () => true;
  const after = (ms: number, task: () => void) => {
    const timer = setTimeout(task, Math.min(ms, 1 * SECOND));
    return () => clearTimeout(timer);
  };
  return {
    clock: nodeClock,
    random: nodeRandom,
    net: nodeNet(site.origins.cell),
    timers: { after },
    store: disk.store(on),
    witness: disk.witness(on),
    keys: fileKeys,
    seal,
    leader: soleLeader(),
    hints: noHints,
    storageHealth: () => Promise.resolve({ persisted: true, freeBytes: 1e9 }),
  };
}

async function install(site: Site, cell: string): Promise<Terminal> {
  const terminal = await Terminal.open(portsOf(site), { build: 'sim', urgent: ['alert.call'], screen: 'cell', userAgent: 'sim' });
  const { code } = await site.enrolment(`cell:${cell}`);
  const enrolled = await terminal.enrol(code);
  if (!enrolled.ok) throw new Error(enrolled.error);
  return terminal;
}

async function within(ms: number, what: string, done: () => boolean | Promise<boolean>): Promise<void> {
  for (const until = Date.now() + ms; !(await done()); await sleep(100)) if (Date.now() > until) throw new Error(`not within ${ms} ms: ${what}`);
}

/** Signs in whoever is on duty and calls many times; writes the history of the terminal. */
async function press(terminal: Terminal, cell: string, site: Site, keys: Awaited<ReturnType<typeof loadKeys>>, history: HistoryEvent[]): Promise<void> {
  const home = terminal.home.get()?.view as TerminalHome;
  const now = terminal.clock.now();
  const slot = home.slots.find(({ opensAt, closesAt }) => Date.parse(opensAt) <= now && now <= Date.parse(closesAt));
  const acts: { kind: string; body: Record<string, unknown>; who: { person: string; slot: string }; proof?: Proof }[] = [];
  for (const { bed } of slot?.seats ?? []) {
    const person = site.demo.detainees.find((one) => one.cell === cell && one.bed === bed);
    if (!person || !slot) continue;
    const ref = { number: person.number };
    const who = { person: person.number, slot: `${cell} ${slot.slot}` };
    acts.push({ kind: 'duty.sign-in', body: { person: ref, slot: slot.slot }, who, proof: { kind: 'pin', person: ref, pin: person.pin } });
  }
  for (let count = 0; count < CALLS; count += 1) acts.splice(count % 3, 0, { kind: 'alert.call', body: {}, who: { person: '', slot: '' } });
  const device = terminal.identity.get()?.deviceId ?? '';
  for (const { kind, body, who, proof } of acts) {
    const draft = terminal.draft(kind, body);
    const acted = await terminal.act(draft, proof);
    if (!acted.ok) throw new Error(acted.error);
    const { seq } = acted.value.saved;
    const { generation } = terminal.outbox.summary.get();
    const digest = keys.mac('fingerprint', ['device', device, kind, draft.version, stableJson(body)].join('\n')).toString('base64');
    history.push({ at: Date.now(), terminal: cell, type: 'saved', id: draft.id, kind, seq, generation, digest, sampled: true, ...who });
    void acted.value.outcome.then(({ outcome, code }) =>
      history.push({ at: Date.now(), terminal: cell, type: 'answered', id: draft.id, outcome, ...(code && { code }) }),
    );
  }
}

test.skipIf(process.env['SIM_SEED'] !== undefined)('a server killed under load by SIGKILL: every act is there once, and the log verifies', async () => {
  let site = await startSite({ dataDir: mkdtempSync(path.join(tmpdir(), 'sp-kill-')) });
  const { dataDir, port } = site;
  try {
    const { url } = JSON.parse(readFileSync(path.join(dataDir, 'postgres.json'), 'utf8')) as { url: string };
    const terminals = await Promise.all(CELLS.map((cell) => install(site, cell)));
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query("update device set state = 'active', confirmed_by = id, confirmed_at = enrolled_at");
    await client.end();
    for (const terminal of terminals) terminal.start();
    await within(ANSWERED_WITHIN, 'every wall has its view', () => terminals.every(({ home }) => home.get() !== null));
    const keys = await loadKeys(path.join(dataDir, 'keys'));
    const history: HistoryEvent[] = [];
    const pressing = terminals.map((terminal, index) => press(terminal, CELLS[index] ?? '', site, keys, history));
    await within(ANSWERED_WITHIN, 'some acts are answered', () => history.filter(({ type }) => type === 'answered').length >= CALLS / 2);
    await site.kill();
    await Promise.all(pressing);
    site = await startSite({ dataDir, port });
    await within(ANSWERED_WITHIN, 'every act is answered', () => terminals.every(({ outbox }) => outbox.summary.get().queued === 0));
    for (const terminal of terminals) terminal.stop();
    let ending = await readFinalState(url, dataDir);
    await within(LEAVES_WITHIN, 'every record has its leaf', async () => {
      ending = await readFinalState(url, dataDir);
      return ending.audited.every(({ leaves }) => leaves > 0);
    });
    expect(checkHistory(history, ending)).toEqual([]);
    expect(ending.auditFindings).toEqual([]);
    expect(ending.signIns.length).toBeGreaterThanOrEqual(CELLS.length);
  } finally {
    await site.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
