import { readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { readKey } from '../../apps/server/src/platform/audit/verify-hash.js';
import { verifyLog } from '../../apps/server/src/platform/audit/verify-log.js';
import { VERIFIER_FILE } from '../../apps/server/src/platform/audit/index.js';
import type { FinalState } from './history.js';

const QUERIES = {
  commands: `select id, outcome, encode(fingerprint, 'base64') as digest, maker as device, coalesce(generation::text, '') as generation, coalesce(seq, 0)::int as seq,
      (select error from command_quarantine where command_quarantine.id = command.id) as error
    from command where maker_kind = 'device'`,
  signIns: `select id as "commandId", person, cell || ' ' || slot as slot, (extract(epoch from signed_at) * 1000)::float8 as "signedAt" from duty_sign_in`,
  effects: 'select id from duty_handover union all select command as id from duty_presence where command is not null union all select command from alert_press',
  gaps: 'select device, generation, from_seq::int as "fromSeq", to_seq::int as "toSeq", filled_at is not null as filled from device_gap',
  highWater: 'select device, generation, high::int as seq from device_sequence',
  changes: 'select xid::text as xid, topic, cell from change_event',
  items: `select i.id, i.ref, i.state, (select count(*) from work_event e where e.item = i.id and e.what = 'took-effect')::int as effects
    from work_item i where kind = 'duty-review'`,
  anomalies: 'select id, cell, slot, kind, state, ended_by as "endedBy", alert from duty_anomaly',
  alerts: 'select id, kind, state, reopened, arrived_at is not null as attended from alert',
  handovers: `select id, cell, slot, (extract(epoch from released_at) * 1000)::float8 as "releasedAt" from duty_handover`,
  prompts: `select command, (extract(epoch from ask_at) * 1000)::float8 as "askAt", in_time as "inTime" from duty_presence where command is not null`,
  seats: 'select cell, slot, person from duty_seat',
  audited: `select detail ->> 'command' as "commandId", count(leaf_index)::int as leaves from audit_record left join audit_leaf on record_id = audit_record.id
    where detail ? 'command' and reason is distinct from 'ID_REUSED' group by 1`,
} as const;

export interface Ending extends FinalState {
  /** What the verifier found. */
  readonly auditFindings: readonly string[];
}

/** Everything that the checker needs of the database when all is quiet, and the verdict of the audit verifier. */
export async function readFinalState(url: string, dataDir: string): Promise<Ending> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const read = async <Name extends keyof typeof QUERIES>(name: Name) => (await client.query(QUERIES[name])).rows;
    const rows = {
      commands: (await read('commands')) as FinalState['commands'],
      signIns: (await read('signIns')) as FinalState['signIns'],
      effects: ((await read('effects')) as { id: string }[]).map(({ id }) => id),
      gaps: (await read('gaps')) as FinalState['gaps'],
      highWater: (await read('highWater')) as FinalState['highWater'],
      audited: (await read('audited')) as FinalState['audited'],
      changes: (await read('changes')) as FinalState['changes'],
      items: (await read('items')) as FinalState['items'],
      anomalies: (await read('anomalies')) as FinalState['anomalies'],
      alerts: (await read('alerts')) as FinalState['alerts'],
      handovers: (await read('handovers')) as FinalState['handovers'],
      prompts: (await read('prompts')) as FinalState['prompts'],
      seats: (await read('seats')) as FinalState['seats'],
    };
    const { findings } = await verifyLog(client, { keys: [readKey(await readFile(path.join(dataDir, VERIFIER_FILE), 'utf8'))] });
    return {
      ...rows,
      commands: rows.commands.map((row) => ({ ...row, digest: row.digest.replaceAll('\n', '') })),
      auditVerified: findings.length === 0,
      auditFindings: findings.map(({ kind, text }) => `${kind}: ${text}`),
    };
  } finally {
    await client.end();
  }
}
