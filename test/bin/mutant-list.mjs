// The mutants of the product: each breaks one promise. The simulator has to notice every one of them.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const COMMANDS = 'apps/server/src/platform/commands';
const OFFLINE = 'packages/offline/src';
const edit = (file, find, replace) => ({ file, find, replace });

const TRANSACTION = 'const { entries, effects, cursor } = await context.db.transaction().execute(async (trx) => {';

/** `rules`: which of the checker's rules it breaks; `faults`: under which the promise is put to the test; `seeds`: within how many it has to be noticed. */
export const MUTANTS = [
  {
    name: 'acknowledged before the commit',
    rules: ['C1', 'C3'],
    faults: ['server-kill', 'database-cut', 'slow-commit'],
    seeds: 40,
    edits: [
      edit(
        `${COMMANDS}/batch.ts`,
        TRANSACTION,
        'let early;\n  const soon = new Promise((tell) => { early = tell; });\n  const whole = context.db.transaction().execute(async (trx) => {',
      ),
      edit(
        `${COMMANDS}/batch.ts`,
        'return { entries, effects: opened.effects, cursor: await write(context, opened, before, entries) };',
        'const done = { entries, effects: opened.effects, cursor: await write(context, opened, before, entries) };\n    early(done);\n    return done;',
      ),
      edit(
        `${COMMANDS}/batch.ts`,
        '  release(context.realtime, effects, cursor);\n  return entries.map(settledOf);',
        '  whole.catch(() => undefined);\n  const { entries, effects, cursor } = await Promise.race([soon, whole]);\n  release(context.realtime, effects, cursor);\n  return entries.map(settledOf);',
      ),
    ],
  },
  {
    name: 'the id is looked up outside the transaction',
    rules: ['C3', 'C11', 'C1'],
    faults: ['duplicate', 'two-servers', 'slow-commit'],
    seeds: 30,
    edits: [
      edit(`${COMMANDS}/batch.ts`, TRANSACTION, `const { known: early } = await readBefore(context.db, askedBefore(arrivals));\n  ${TRANSACTION}`),
      edit(
        `${COMMANDS}/batch.ts`,
        'const before = await readBefore(trx, askedBefore(arrivals));',
        'const before = { ...(await readBefore(trx, askedBefore(arrivals))), known: early };',
      ),
      edit(`${COMMANDS}/store.ts`, "if (written.recorded !== records.length) throw new RaceError('another process answered one of the commands');", ''),
    ],
  },
  {
    name: 'a new id on every retry',
    rules: ['C3', 'C4'],
    faults: ['cut', 'drop'],
    seeds: 10,
    edits: [
      edit(`${OFFLINE}/outbox-item.ts`, 'export function envelopeOf(', 'const sentOnce = new Set();\nexport function envelopeOf('),
      edit(
        `${OFFLINE}/outbox-item.ts`,
        'return { id, kind, version, madeAt, seq, generation, clock, sealed, signature };',
        "const again = sentOnce.has(id);\n  sentOnce.add(id);\n  return { id: again ? id.slice(0, -4) + '0000' : id, kind, version, madeAt, seq, generation, clock, sealed, signature };",
      ),
    ],
  },
  {
    name: 'two syncers on one terminal',
    rules: ['ONE'],
    faults: ['two-pages', 'delay', 'cut'],
    seeds: 10,
    edits: [
      edit(
        `${OFFLINE}/syncer.ts`,
        'return this.#ports.leader.lead(async (signal) => {',
        'const alone = new AbortController();\n    const lead = (task) => (void task(alone.signal), () => alone.abort());\n    return lead(async (signal) => {',
      ),
    ],
  },
  {
    name: "the device's clock decides",
    rules: ['D19'],
    faults: ['clock', 'outage', 'late'],
    seeds: 20,
    edits: [
      edit(`${COMMANDS}/times.ts`, 'const measured = Math.round(claimOf(sample.serverAt) + monotonicMs - sample.monotonicMs);', 'const measured = claimedAt;'),
    ],
  },
  {
    name: 'dropped on 401',
    rules: ['C3'],
    faults: ['unauthorised'],
    seeds: 10,
    edits: [
      edit(
        `${OFFLINE}/syncer.ts`,
        '        this.#parts.sessions.forget(token);\n        return this.#failed(null);',
        "        this.#parts.sessions.forget(token);\n        return this.#settle(batch, batch.map(({ id }) => ({ id, outcome: 'refused', code: 'NOT_ALLOWED' })));",
      ),
    ],
  },
  {
    name: 'numbers begin again after a restart',
    rules: ['C8'],
    faults: ['restart', 'outage'],
    seeds: 20,
    edits: [
      edit(`${OFFLINE}/outbox.ts`, 'if (known !== undefined && !isBehind(known, remembered)) {', 'if (known === null) {'),
      edit(
        `${OFFLINE}/outbox.ts`,
        'counter = old === undefined ? fresh : behind ? { ...fresh, order: old.order } : old;',
        'counter = old === undefined ? fresh : { ...old, seq: 0 };',
      ),
    ],
  },
  {
    name: 'a poisoned command takes its neighbours along',
    rules: ['PARK'],
    faults: ['poison', 'slow-commit'],
    seeds: 20,
    edits: [
      edit(
        `${COMMANDS}/settle.ts`,
        '      await settle(context, waiting.slice(0, middle));\n      await settle(context, waiting.slice(middle));',
        '      void middle;\n      for (const one of waiting) answer([one], await parkWhateverComes(context, one.arrival, faultText(error)));',
      ),
    ],
  },
  {
    name: 'the outcome is not stored',
    rules: ['C3', 'C1'],
    faults: ['cut'],
    seeds: 5,
    edits: [edit(`${COMMANDS}/batch.ts`, 'records: records.filter((record) => !parked.includes(record)),', 'records: [],')],
  },
  {
    name: 'the audit record is written outside the transaction',
    rules: ['C11'],
    faults: ['server-kill', 'database-cut'],
    seeds: 30,
    edits: [
      edit(
        `${COMMANDS}/batch.ts`,
        'const cursor = await writeOutcomes(trx, {',
        'await writeOutcomes(context.db, { now, records: [], changes: [], audit, hints: [] });\n  const cursor = await writeOutcomes(trx, {',
      ),
      edit(`${COMMANDS}/batch.ts`, '    audit,\n    hints:', '    audit: [],\n    hints:'),
    ],
  },
  {
    name: 'the feed is read by the newest id',
    rules: ['C10'],
    faults: ['slow-commit'],
    seeds: 30,
    edits: [
      edit(
        'apps/server/src/platform/realtime/changes.ts',
        'select pg_snapshot_xmin(pg_current_snapshot()) as fence,',
        'select (select coalesce(max(xid::text::bigint), 0) + 1 from change_event)::text::xid8 as fence,',
      ),
      edit('apps/server/src/platform/realtime/changes.ts', ' and ${known}::xid8 <= pg_snapshot_xmin(pg_current_snapshot()) as fresh', ' as fresh'),
    ],
  },
  {
    name: 'the cursor moves past what was not read',
    rules: ['C10'],
    faults: ['cut', 'drop', 'outage'],
    seeds: 20,
    edits: [edit(`${OFFLINE}/follower.ts`, 'if (!this.#behind) this.#cursor = cursor;', 'this.#cursor = cursor;')],
  },
  {
    name: 'an id with another body is taken for the first',
    rules: ['C3'],
    faults: ['cut'],
    seeds: 5,
    edits: [edit(`${COMMANDS}/batch.ts`, 'if (earlier && !earlier.fingerprint.equals(arrival.fingerprint)) return', 'if (!arrival) return')],
  },
  {
    name: 'a verdict that was taken back takes effect',
    rules: ['WORK'],
    faults: ['delay'],
    seeds: 5,
    edits: [
      edit(
        'apps/server/src/features/work/commands.ts',
        'await setItem(scope, item.id, { ...UNDECIDED, ...holding(undone.value, officer), version: undone.value.version });',
        'void UNDECIDED;',
      ),
    ],
  },
  {
    name: 'the first relief releases both',
    rules: ['DUTY28'],
    faults: ['drop', 'outage'],
    seeds: 5,
    edits: [
      edit(
        'packages/domain/src/duty-handover.ts',
        'const complete = incomingSeats.length >= policy.duty.minOnDuty && missing.length === 0;',
        'const complete = missing.length < incomingSeats.length;',
      ),
    ],
  },
  {
    name: 'an answer to a prompt counts by its arrival',
    rules: ['DUTY31'],
    faults: ['drop', 'outage', 'delay'],
    seeds: 10,
    edits: [
      edit(
        'apps/server/src/features/duty/presence.ts',
        'judgePresence(prompt.ask_at, timeOf(command), scope.policy)',
        'judgePresence(prompt.ask_at, { ...timeOf(command), correctedAt: command.receivedAt, claimedAt: command.receivedAt }, scope.policy)',
      ),
    ],
  },
  {
    name: 'a call can end with nobody there',
    rules: ['CALL'],
    faults: ['delay'],
    seeds: 10,
    edits: [
      edit('packages/domain/src/alert.ts', "if (ATTENDED.has(alert.kind) && alert.state !== 'arrived'", "if (by.measure === '' && alert.state !== 'arrived'"),
    ],
  },
];

/** Why a mutant cannot be made any more; null when each of its texts stands once in its file. */
export function misfit({ edits }) {
  for (const { file, find } of edits) {
    const times = readFileSync(path.join(ROOT, file), 'utf8').split(find).length - 1;
    if (times !== 1) return `${file} has ${times} times: ${find}`;
  }
  return null;
}

/** Patches the sources while they are loaded, for the mutant named by SIM_MUTANT; the files stay as they are. */
export function mutation(name = process.env.SIM_MUTANT) {
  const mutant = MUTANTS.find((one) => one.name === name);
  return {
    name: 'mutation',
    enforce: 'pre',
    transform(code, id) {
      const edits = mutant?.edits.filter(({ file }) => id.split('?')[0] === path.join(ROOT, file)) ?? [];
      if (edits.length === 0) return undefined;
      return edits.reduce((text, { find, replace }) => text.replace(find, () => replace), code);
    },
  };
}
