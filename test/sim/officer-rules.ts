import type { FinalState, Finding } from './history.js';
import type { OfficerAct } from './officers.js';

export interface OfficerEvidence {
  readonly acts: readonly OfficerAct[];
  readonly seen: ReadonlySet<string>;
  readonly ending: FinalState;
}

type Row<Table extends keyof FinalState> = FinalState[Table] extends readonly (infer One)[] ? One : never;

/** How many of the acts on a target were accepted; `most` counts those whose answer never came as well. */
function counted(acts: readonly OfficerAct[], kind: string, target: string): { least: number; most: number } {
  const own = acts.filter((act) => act.kind === kind && act.target === target);
  const least = own.filter(({ outcome }) => outcome === 'accepted').length;
  return { least, most: least + own.filter(({ outcome }) => outcome === 'unknown').length };
}

/** WORK: an item takes one verdict; a verdict that was taken back never takes effect, one that stands takes effect once. */
function oneVerdict({ acts, ending }: OfficerEvidence, item: Row<'items'>): Finding[] {
  const decided = counted(acts, 'work.decide', item.id);
  const undone = counted(acts, 'work.undo', item.id);
  const finding = (what: string): Finding[] => [{ rule: 'WORK', what: `item ${item.id} of ${item.ref} ${what}` }];
  if (decided.least - undone.most > 1) return finding(`took ${decided.least} verdicts and lost ${undone.most}`);
  if (item.effects > 1) return finding(`took effect ${item.effects} times`);
  if (item.effects === 1 && decided.most - undone.least < 1) return finding('took effect although its verdict was taken back');
  const stands = decided.least - undone.most === 1;
  if (stands && item.state !== 'done') return finding(`has a verdict that stands and is ${item.state}`);
  const anomaly = ending.anomalies.find(({ id }) => id === item.ref);
  if (stands && anomaly && anomaly.state !== 'ended') return finding(`is decided and its anomaly is ${anomaly.state}`);
  return [];
}

/** WORK: an anomaly that was shown stays, and ends by a named officer whose verdict was accepted. */
function anomaliesStay({ acts, seen, ending }: OfficerEvidence): Finding[] {
  const present = new Map(ending.anomalies.map((anomaly) => [anomaly.id, anomaly]));
  const alerts = new Set(ending.alerts.map(({ id }) => id));
  const erased = [...seen].filter((id) => !present.has(id) && !alerts.has(id));
  const itemOf = new Map(ending.items.map(({ id, ref }) => [ref, id]));
  const unowned = ending.anomalies.filter(({ id, state, endedBy, alert }) => {
    if (state !== 'ended') return false;
    const targets = [itemOf.get(id), alert, alert === null ? undefined : itemOf.get(alert)];
    return !acts.some(({ officer, target, outcome }) => officer === endedBy && targets.includes(target) && outcome !== 'refused');
  });
  return [
    ...erased.map((id): Finding => ({ rule: 'WORK', what: `anomaly ${id} was shown to an officer and is gone` })),
    ...unowned.map(({ id, endedBy }): Finding => ({ rule: 'WORK', what: `anomaly ${id} is ended by ${endedBy ?? 'nobody'}, who gave no such verdict` })),
  ];
}

/** CALL: one officer answers a call each time that it calls; it ends once, and only after somebody was there. */
function callsAreAnswered({ acts, ending }: OfficerEvidence): Finding[] {
  return ending.alerts.flatMap((alert): Finding[] => {
    const finding = (what: string): Finding[] => [{ rule: 'CALL', what: `${alert.kind} ${alert.id} ${what}` }];
    const acknowledged = counted(acts, 'alert.acknowledge', alert.id);
    if (acknowledged.least > 1 + alert.reopened) return finding(`was acknowledged ${acknowledged.least} times and called again ${alert.reopened} times`);
    const ended = counted(acts, 'alert.end', alert.id);
    if (ended.least > 1) return finding(`was ended ${ended.least} times`);
    if (ended.least === 1 && alert.state !== 'ended') return finding(`was ended and is ${alert.state}`);
    if (alert.kind === 'emergency-call' && alert.state === 'ended' && !alert.attended) return finding('is ended and nobody was there');
    return [];
  });
}

/** What officers did must be in the database, once, and nothing else. */
export function checkOfficers(evidence: OfficerEvidence): Finding[] {
  return [...evidence.ending.items.flatMap((item) => oneVerdict(evidence, item)), ...anomaliesStay(evidence), ...callsAreAnswered(evidence)];
}
