import { MINUTE, SECOND } from '@sallyport/basics';
import { loadKeys } from '../../apps/server/src/platform/crypto/index.js';
import { Chance } from './chance.js';
import { drawFaults, type FaultKind, type Faults } from './faults.js';
import { type Ending, readFinalState } from './final-state.js';
import { checkHistory, type Finding, type HistoryEvent } from './history.js';
import { checkHouse } from './house-rules.js';
import { checkOfficers } from './officer-rules.js';
import { type OfficerAct, Officers } from './officers.js';
import { People } from './people.js';
import { resendSome } from './resend.js';
import { Servers, type World } from './servers.js';
import { administer, FAULTS_END, FIRST_SLOT, simConfig, START, type Template, withDatabase } from './template.js';
import { VirtualTime } from './virtual-time.js';
import { WallTerminal } from './wall-terminal.js';
import { Work } from './work.js';

export interface SeedResult {
  readonly seed: number;
  readonly faults: readonly FaultKind[];
  readonly findings: readonly Finding[];
  /** How much happened, for the summary and to see that a run is no empty one. */
  readonly saved: number;
  readonly accepted: number;
  readonly acts: readonly OfficerAct[];
  readonly events: readonly string[];
  readonly history: readonly HistoryEvent[];
  readonly ending: Ending;
}

/** Within this long after the faults have stopped everything must have its answer. */
const DRAIN_WITHIN = 10 * MINUTE;
/** A follower without a hint asks every 30 s, more or less by a fifth. */
const FOLLOWERS_ASK_WITHIN = 40 * SECOND;

interface Run {
  readonly world: World;
  readonly servers: Servers;
  readonly terminals: readonly WallTerminal[];
  readonly history: HistoryEvent[];
}

async function makeWorld(seed: number, template: Template, databaseUrl: string, faults: Faults): Promise<World> {
  const time = new VirtualTime(START);
  return {
    time,
    work: new Work(),
    chance: new Chance(`seed ${seed}`),
    faults,
    faulty: () => time.now() < FAULTS_END,
    databaseUrl,
    config: simConfig(template.dataDir),
    keys: await loadKeys(`${template.dataDir}/keys`),
  };
}

/** Power goes and comes back, on the same disk or on an older image of it. */
function planPower({ time, work }: World, terminal: WallTerminal, chance: Chance, rollBack: boolean): void {
  const at = chance.between(START + MINUTE, FAULTS_END - MINUTE);
  if (rollBack) time.at(chance.between(START, at), () => terminal.keepImage());
  time.at(at, () => {
    terminal.stop();
    if (rollBack) terminal.rollBack();
    time.after(chance.between(2 * SECOND, 80 * SECOND), () => void work.track('start of a terminal', terminal.start()));
  });
}

function planTerminalFaults(world: World, terminal: WallTerminal): void {
  const { faults, time } = world;
  const chance = world.chance.fork(`faults ${terminal.name}`);
  const moment = () => chance.between(START + 20 * SECOND, FAULTS_END - MINUTE);
  const strikes = (kind: FaultKind, probability: number) => chance.happens(probability) && faults.has(kind);
  if (strikes('outage', 0.5)) time.at(moment(), () => terminal.link.outage(chance.between(20 * SECOND, 6 * MINUTE)));
  if (strikes('clock', 0.6)) time.at(moment(), () => terminal.jumpClock(chance.one([-1, 1]) * chance.one([MINUTE, 20 * MINUTE, 26 * 60 * MINUTE])));
  if (strikes('rollback', 0.25)) planPower(world, terminal, chance, true);
  else if (strikes('restart', 0.4)) planPower(world, terminal, chance, false);
}

function planServerFaults({ faults, time, work, chance: all }: World, servers: Servers): void {
  const chance = all.fork('server faults');
  const moment = () => chance.between(START + 30 * SECOND, FAULTS_END - 30 * SECOND);
  const often = (most: number, task: () => void) => {
    for (let left = chance.between(1, most); left > 0; left -= 1) time.at(moment(), task);
    // The rush of the change-over is where it hurts most.
    time.at(FIRST_SLOT + chance.between(-SECOND, 6 * SECOND), task);
  };
  if (faults.has('server-kill')) often(3, () => servers.lay(true));
  if (faults.has('database-cut')) often(3, () => servers.lay(false));
  if (faults.has('server-restart')) often(1, () => void work.track('restart', servers.restart()));
}

async function drain({ world, terminals, history }: Run): Promise<Finding[]> {
  const { time, work } = world;
  const settled = () => work.settled();
  const quiet = () => terminals.every(({ queued }) => queued === 0);
  await time.runUntil(FAULTS_END, settled);
  const started = time.now();
  do await time.runUntil(time.now() + 5 * SECOND, settled);
  while (!quiet() && time.now() < started + DRAIN_WITHIN);
  await time.runUntil(time.now() + FOLLOWERS_ASK_WITHIN, settled);
  const stuck = terminals.filter(({ queued }) => queued !== 0);
  if (stuck.length > 0 || history.length === 0)
    return [{ rule: 'C3', what: `after ${DRAIN_WITHIN / MINUTE} quiet minutes something still waits in ${stuck.map(({ name }) => name).join(', ')}` }];
  return [];
}

async function live(run: Run): Promise<void> {
  const { world, servers, terminals } = run;
  const { time, work, chance } = world;
  await work.track('start', servers.start());
  for (const terminal of terminals) {
    const people = new People(world, servers, terminal);
    people.plan(terminal.installed.slots[0]?.slot ?? '', FIRST_SLOT);
    people.planHandover(FIRST_SLOT);
    time.at(START + chance.fork(`start ${terminal.name}`).between(0, 30 * SECOND), () => void work.track('start of a terminal', terminal.start()));
    planTerminalFaults(world, terminal);
  }
  planServerFaults(world, servers);
}

/** The whole life of one seed on a database of its own. */
async function runOn(seed: number, template: Template, databaseUrl: string, faults: Faults): Promise<SeedResult> {
  const world = await makeWorld(seed, template, databaseUrl, faults);
  const servers = new Servers(world);
  const history: HistoryEvent[] = [];
  const terminals = template.terminals.map((installed) => new WallTerminal(world, servers, installed, (event) => history.push(event)));
  const officers = new Officers(world, servers, template.officers);
  const run: Run = { world, servers, terminals, history };
  await live(run);
  const undrained = await drain(run);
  const followed = await work(run);
  await servers.one?.sequencer.drain();
  for (const terminal of terminals) terminal.stop();
  await world.work.settled();
  await servers.lookAtFeed();
  await servers.stop();
  const ending = await readFinalState(databaseUrl, template.dataDir);
  const findings = [
    ...undrained,
    ...followed,
    ...servers.watcher.findings(ending),
    ...checkHistory(history, ending),
    ...checkHouse({ history, ending, terminals, poisoned: servers.poisoned, faults }),
    ...checkOfficers({ ...officers, ending }),
  ];
  const saved = history.filter(({ type }) => type === 'saved').length;
  const accepted = ending.commands.filter(({ outcome }) => outcome === 'accepted').length;
  const audit = ending.auditFindings.map((what): Finding => ({ rule: 'C11', what }));
  return { seed, faults: [...faults], findings: [...findings, ...audit], saved, accepted, acts: officers.acts, events: servers.events, history, ending };
}

/** What is tried when all is quiet: repeated requests, and whether every follower has followed. */
async function work({ world, servers, terminals, history }: Run): Promise<Finding[]> {
  const { time, work: under } = world;
  const findings: Finding[] = [];
  const settled = () => under.settled();
  const host = new URL(world.config.origins.cell).host;
  const looks = terminals.map((terminal) => {
    const slot = terminal.installed.slots[0]?.slot ?? '';
    const seats = (home: WallTerminal['home']) => JSON.stringify(home?.slots.find((one) => one.slot === slot)?.seats ?? null);
    const before = seats(terminal.home);
    return terminal.readHome(slot).then((home) => {
      if (before !== seats(home)) findings.push({ rule: 'C10', what: `the wall of ${terminal.name} shows ${before}, the server ${seats(home)}` });
    });
  });
  await time.runUntil(time.now() + SECOND, settled);
  await Promise.all(looks);
  await resendSome(world, servers, terminals, host, (event) => history.push(event));
  return findings;
}

/** Runs a seed. `forced` replaces the faults that the seed would draw. */
export async function runSeed(seed: number, template: Template, forced?: readonly FaultKind[]): Promise<SeedResult> {
  const faults: Faults = forced ? new Set(forced) : drawFaults(new Chance(`faults of seed ${seed}`));
  const database = `sim_${process.pid}_${seed}`;
  await administer(template.postgresUrl, `create database ${database} template ${template.database} strategy file_copy`);
  try {
    return await runOn(seed, template, withDatabase(template.postgresUrl, database), faults);
  } finally {
    await administer(template.postgresUrl, `drop database ${database} with (force)`);
  }
}
