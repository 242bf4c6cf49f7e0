// Made by `npm run db:types` from the migrated database. Change the migrations, not this file.
import type { Instant } from '@sallyport/basics';
import type { ColumnType } from 'kysely';

/** Read as an instant in milliseconds, written as a Date. In a condition use `at(instant)`. */
export type Timestamp = ColumnType<Instant, Date, Date>;
/** Read as parsed JSON that nobody has checked yet, written as JSON text. */
export type JsonColumn = ColumnType<unknown, string, string>;
/** Left out of an insert, the database fills it. */
export type Generated<Type> =
  Type extends ColumnType<infer Select, infer Insert, infer Update> ? ColumnType<Select, Insert | undefined, Update> : ColumnType<Type, Type | undefined, Type>;
/** The database always computes it. */
export type Computed<Type> = Type extends ColumnType<infer Select, unknown, unknown> ? ColumnType<Select, never, never> : ColumnType<Type, never, never>;
/** A column that may be null, for types that differ between reading and writing. */
export type Nullable<Type> =
  Type extends ColumnType<infer Select, infer Insert, infer Update> ? ColumnType<Select | null, Insert | null | undefined, Update | null> : Type | null;

export interface AccessCeremonyTable {
  id: string;
  kind: string;
  challenge: string;
  officer_id: string | null;
  session_id: string | null;
  expires_at: Timestamp;
}

export interface AccessLinkTable {
  token_hash: Buffer;
  officer_id: string;
  purpose: string;
  made_by: string | null;
  made_at: Timestamp;
  expires_at: Timestamp;
  used_at: Nullable<Timestamp>;
}

export interface AlertTable {
  id: string;
  kind: string;
  level: string;
  cell: string | null;
  place: string | null;
  subject: string | null;
  title: string;
  merge_key: string;
  state: Generated<string>;
  raised_at: Timestamp;
  last_raised_at: Timestamp;
  count: Generated<number>;
  proved: boolean;
  device: string | null;
  clock_at: Timestamp;
  step: Generated<number>;
  step_at: Timestamp;
  acknowledged_by: string | null;
  acknowledged_name: string | null;
  acknowledged_at: Nullable<Timestamp>;
  arrived_by: string | null;
  arrived_name: string | null;
  arrived_at: Nullable<Timestamp>;
  arrive_by: Nullable<Timestamp>;
  reopened: Generated<number>;
  ended_by: string | null;
  ended_name: string | null;
  ended_at: Nullable<Timestamp>;
  measure: string | null;
  result: string | null;
  withdrawn_at: Nullable<Timestamp>;
}

export interface AlertEventTable {
  id: string;
  seq: Computed<number>;
  alert: string;
  at: Timestamp;
  who: string | null;
  who_name: string | null;
  what: string;
  note: string | null;
}

export interface AlertPressTable {
  command: string;
  alert: string;
  device: string;
  at: Timestamp;
  claimed_at: Timestamp;
  marked: string | null;
}

export interface AuditCheckpointTable {
  tree_size: number;
  root_hash: Buffer;
  note: string;
  at: Generated<Timestamp>;
}

export interface AuditCosignatureTable {
  tree_size: number;
  key_name: string;
  line: string;
  at: Generated<Timestamp>;
}

export interface AuditLeafTable {
  leaf_index: number;
  record_id: string;
  leaf_hash: Buffer;
}

export interface AuditPendingTable {
  record_id: string;
  xid: string;
  leaf_hash: Buffer;
  queued_at: Generated<Timestamp>;
}

export interface AuditRecordTable {
  id: string;
  xid: Generated<string>;
  at: Timestamp;
  action: string;
  content_hash: Buffer;
  leaf_hash: Buffer;
  salt: Buffer | null;
  actor_kind: string | null;
  actor_id: string | null;
  session_id: string | null;
  device_id: string | null;
  subject_kind: string | null;
  subject_id: string | null;
  cell: string | null;
  block: string | null;
  outcome: string | null;
  reason: string | null;
  shown: Nullable<JsonColumn>;
  detail: Nullable<JsonColumn>;
  erased_at: Nullable<Timestamp>;
}

export interface AuditSubtreeTable {
  level: number;
  index: number;
  hash: Buffer;
}

export interface BridgeKeyTable {
  id: string;
  place: string;
  public_jwk: JsonColumn;
  registered_at: Timestamp;
  revoked_at: Nullable<Timestamp>;
  name: string;
  reader: string;
  registered_by: string | null;
  revoked_by: string | null;
  version: Generated<number>;
}

export interface CellTable {
  number: string;
  block: Computed<string>;
  capacity: number;
  sex: string;
  transition: boolean;
}

export interface ChangeEventTable {
  id: Computed<number>;
  xid: Generated<string>;
  topic: string;
  cell: string | null;
  at: Timestamp;
}

export interface ChangeFloorTable {
  single: Generated<boolean>;
  xid: string;
}

export interface CommandTable {
  id: string;
  kind: string;
  version: number;
  fingerprint: Buffer;
  maker_kind: string;
  maker: string;
  outcome: string;
  code: string | null;
  message: string | null;
  details: Nullable<JsonColumn>;
  result: Nullable<JsonColumn>;
  claimed_at: Timestamp;
  received_at: Timestamp;
  corrected_at: Timestamp;
  skew_ms: number | null;
  generation: string | null;
  seq: number | null;
}

export interface CommandQuarantineTable {
  id: string;
  envelope: JsonColumn;
  error: string;
  attempts: number;
  parked_at: Timestamp;
  resolved_at: Nullable<Timestamp>;
  resolved_by: string | null;
}

export interface DeviceTable {
  id: string;
  place: string;
  state: string;
  public_key: JsonColumn;
  thumbprint: string;
  check_value: string;
  build: string;
  screen: string;
  user_agent: string;
  enrolled_at: Timestamp;
  confirmed_by: string | null;
  confirmed_at: Nullable<Timestamp>;
  ended_by: string | null;
  ended_at: Nullable<Timestamp>;
  replaces: string | null;
  version: Generated<number>;
}

export interface DeviceEnrolmentTable {
  id: string;
  place: string;
  lookup_mac: Buffer;
  code_mac: Buffer;
  created_by: string | null;
  created_at: Timestamp;
  expires_at: Timestamp;
  tries_left: number;
  replaces: string | null;
  device: string | null;
  used_at: Nullable<Timestamp>;
}

export interface DeviceGapTable {
  device: string;
  generation: string;
  from_seq: number;
  to_seq: number;
  noticed_at: Timestamp;
  filled_at: Nullable<Timestamp>;
  raised_at: Nullable<Timestamp>;
}

export interface DeviceHealthTable {
  device: string;
  last_seen_at: Timestamp;
  build: string;
  generation: string;
  boot_id: string;
  last_seq: number;
  queued: number;
  oldest_queued_at: Nullable<Timestamp>;
  parked: number;
  clock_offset_ms: number;
  free_bytes: number | null;
  persisted: boolean;
}

export interface DeviceSequenceTable {
  device: string;
  generation: string;
  high: number;
  missing: Generated<JsonColumn>;
  started_at: Timestamp;
}

export interface DeviceSilenceTable {
  id: string;
  device: string;
  since: Timestamp;
  amber_at: Timestamp;
  red_at: Nullable<Timestamp>;
  ended_at: Nullable<Timestamp>;
  alert: string | null;
}

export interface DutyAnomalyTable {
  id: string;
  key: string;
  kind: string;
  cell: string;
  slot: string | null;
  day: string;
  at: Timestamp;
  raised_at: Timestamp;
  people: string[];
  state: Generated<string>;
  note: string | null;
  observed_by: string | null;
  back_at: Nullable<Timestamp>;
  alert: string | null;
  ended_by: string | null;
  ended_name: string | null;
  ended_at: Nullable<Timestamp>;
  measure: string | null;
  result: string | null;
}

export interface DutyCommentTable {
  id: string;
  anomaly: string;
  person: string;
  at: Timestamp;
  comment: string;
}

export interface DutyHandoverTable {
  id: string;
  cell: string;
  slot: string;
  person: string;
  verdict: string;
  remark: string;
  claimed_at: Timestamp;
  received_at: Timestamp;
  device: string;
  released_at: Nullable<Timestamp>;
}

export interface DutyLateProofTable {
  anomaly: string;
  sign_in: string;
  person: string;
  claimed_at: Timestamp;
  received_at: Timestamp;
}

export interface DutyPresenceTable {
  id: string;
  cell: string;
  slot: string;
  ask_at: Timestamp;
  answer_by: Timestamp;
  state: Generated<string>;
  answered_at: Nullable<Timestamp>;
  answer_received_at: Nullable<Timestamp>;
  in_time: boolean | null;
  command: string | null;
}

export interface DutyRosterTable {
  id: string;
  cell: string;
  week: string;
  version: number;
  state: string;
  slots: JsonColumn;
  effective_from: string | null;
  made_by: string | null;
  made_at: Timestamp;
  submitted_by: string | null;
  submitted_at: Nullable<Timestamp>;
  decided_by: string | null;
  decided_at: Nullable<Timestamp>;
  reason: string | null;
}

export interface DutyRosterGapTable {
  id: string;
  cell: string;
  week: string;
  slot: string;
  starts_at: Timestamp;
  noticed_at: Timestamp;
  state: Generated<string>;
}

export interface DutySeatTable {
  cell: string;
  slot: string;
  seat: number;
  person: string;
  starts_at: Timestamp;
  ends_at: Timestamp;
  source: string;
  roster: string;
}

export interface DutySignInTable {
  id: string;
  cell: string;
  slot: string;
  seat: number;
  person: string;
  bed: number;
  state: string;
  late: boolean;
  signed_at: Timestamp;
  review: Generated<string[]>;
  claimed_at: Timestamp;
  corrected_at: Timestamp;
  received_at: Timestamp;
  proof: string;
  device: string;
  skew_ms: number | null;
}

export interface DutySubstitutionTable {
  id: string;
  cell: string;
  slot: string;
  seat: number;
  absent: string;
  substitute: string;
  reason: string;
  made_by: string | null;
  made_at: Timestamp;
}

export interface DutyVacancyTable {
  id: string;
  cell: string;
  slot: string;
  absent: string;
  proposed: string | null;
  cause: string;
  raised_at: Timestamp;
  state: Generated<string>;
}

export interface JobTable {
  id: Generated<string>;
  kind: string;
  key: string;
  due_at: Timestamp;
  payload: JsonColumn;
  attempts: Generated<number>;
  state: Generated<string>;
  last_error: string | null;
  created_at: Generated<Timestamp>;
  finished_at: Nullable<Timestamp>;
  retry_at: Nullable<Timestamp>;
}

export interface OfficerTable {
  id: string;
  name: string;
  staff_no: string;
  posts: JsonColumn;
  state: string;
  failures: Generated<number>;
  locked_until: Nullable<Timestamp>;
  last_sign_in_at: Nullable<Timestamp>;
  version: Generated<number>;
  created_at: Timestamp;
}

export interface OfficerPasskeyTable {
  credential_id: string;
  officer_id: string;
  public_key: Buffer;
  counter: number;
  transports: string[];
  backup_eligible: boolean;
  created_at: Timestamp;
  last_used_at: Nullable<Timestamp>;
  ended_at: Nullable<Timestamp>;
}

export interface OfficerSessionTable {
  id: string;
  token_hash: Buffer;
  officer_id: string;
  stage: string;
  made_at: Timestamp;
  touched_at: Timestamp;
  ends_at: Timestamp;
  locked_at: Nullable<Timestamp>;
  stepped_up_at: Nullable<Timestamp>;
  ended_at: Nullable<Timestamp>;
}

export interface PersonTable {
  id: string;
  number: string;
  name: string;
  sex: string;
  birth_date: string;
  sentenced: boolean;
  risk_level: number | null;
  flags: Generated<string[]>;
  co_suspect_group: string | null;
  state: string;
  cell: string | null;
  bed: number | null;
  admitted_on: string;
  passkey_allowed_until: Nullable<Timestamp>;
  passkey_user: string;
  version: Generated<number>;
}

export interface PersonAbsenceTable {
  id: string;
  person_id: string;
  reason: string;
  since: Timestamp;
  until_at: Nullable<Timestamp>;
  taken_by: string | null;
  back_by: string | null;
}

export interface PersonPasskeyTable {
  credential_id: string;
  person_id: string;
  public_key: Buffer;
  counter: number;
  created_at: Timestamp;
  last_used_at: Nullable<Timestamp>;
}

export interface PersonPinTable {
  person_id: string;
  salt: Buffer;
  hash: Buffer;
  set_at: Timestamp;
  locked_until: Nullable<Timestamp>;
}

export interface PersonStayTable {
  id: string;
  person_id: string;
  cell: string;
  bed: number;
  from_at: Timestamp;
  until_at: Nullable<Timestamp>;
  reason: string;
  end_reason: string | null;
  begun_by: string | null;
  ended_by: string | null;
}

export interface PinFailureTable {
  command_id: string;
  person_id: string;
  kind: string;
  device_id: string;
  replayed: boolean;
  acted_at: Timestamp;
  at: Timestamp;
}

export interface PolicyVersionTable {
  version: number;
  id: string;
  document: JsonColumn;
  effective_from: Timestamp;
  reason: string;
  changed_by: string | null;
  at: Timestamp;
}

export interface RollCallTable {
  id: string;
  kind: string;
  due: string | null;
  started_at: Timestamp;
  started_by: string | null;
  started_name: string | null;
  reason: string | null;
  round: Generated<number>;
  round_at: Timestamp;
  round_ends_at: Timestamp;
  state: Generated<string>;
}

export interface RollCallAnswerTable {
  roll_call: string;
  cell: string;
  person: string;
  round: number;
  answered_at: Timestamp;
  received_at: Timestamp;
  command: string | null;
  seen_by: string | null;
}

export interface RollCallCellTable {
  roll_call: string;
  cell: string;
  expected: string[];
  state: Generated<string>;
  offline: Generated<boolean>;
  confirmed_by: string | null;
  confirmed_name: string | null;
  confirmed_at: Nullable<Timestamp>;
  note: string | null;
}

export interface SchemaMigrationTable {
  name: string;
  checksum: string;
  applied_at: Generated<Timestamp>;
}

export interface SiteTable {
  key: string;
  value: JsonColumn;
}

export interface SocketIoAttachmentsTable {
  id: Computed<number>;
  created_at: Generated<Nullable<Timestamp>>;
  payload: Buffer | null;
}

export interface WorkEventTable {
  id: string;
  seq: Computed<number>;
  item: string;
  at: Timestamp;
  who: string | null;
  who_name: string | null;
  what: string;
  note: string | null;
}

export interface WorkFilterTable {
  officer: string;
  name: string;
  kind: string | null;
  words: string;
  created_at: Timestamp;
}

export interface WorkItemTable {
  id: string;
  kind: string;
  ref: string;
  cell: string | null;
  place: string | null;
  priority: string;
  rank: Computed<number>;
  created_at: Timestamp;
  deadline: Timestamp;
  escalated: Generated<number>;
  escalated_to: string | null;
  state: Generated<string>;
  version: Generated<number>;
  holder: string | null;
  holder_name: string | null;
  held_since: Nullable<Timestamp>;
  lease_until: Nullable<Timestamp>;
  verdict: string | null;
  decided_by: string | null;
  decided_name: string | null;
  decided_at: Nullable<Timestamp>;
  undo_until: Nullable<Timestamp>;
  reason_code: string | null;
  note: string | null;
  input: Nullable<JsonColumn>;
  done_at: Nullable<Timestamp>;
}

export interface WorkViewerTable {
  item: string;
  officer: string;
  name: string;
  until_at: Timestamp;
}

/** Every table and view of the site's database. */
export interface Schema {
  access_ceremony: AccessCeremonyTable;
  access_link: AccessLinkTable;
  alert: AlertTable;
  alert_event: AlertEventTable;
  alert_press: AlertPressTable;
  audit_checkpoint: AuditCheckpointTable;
  audit_cosignature: AuditCosignatureTable;
  audit_leaf: AuditLeafTable;
  audit_pending: AuditPendingTable;
  audit_record: AuditRecordTable;
  audit_subtree: AuditSubtreeTable;
  bridge_key: BridgeKeyTable;
  cell: CellTable;
  change_event: ChangeEventTable;
  change_floor: ChangeFloorTable;
  command: CommandTable;
  command_quarantine: CommandQuarantineTable;
  device: DeviceTable;
  device_enrolment: DeviceEnrolmentTable;
  device_gap: DeviceGapTable;
  device_health: DeviceHealthTable;
  device_sequence: DeviceSequenceTable;
  device_silence: DeviceSilenceTable;
  duty_anomaly: DutyAnomalyTable;
  duty_comment: DutyCommentTable;
  duty_handover: DutyHandoverTable;
  duty_late_proof: DutyLateProofTable;
  duty_presence: DutyPresenceTable;
  duty_roster: DutyRosterTable;
  duty_roster_gap: DutyRosterGapTable;
  duty_seat: DutySeatTable;
  duty_sign_in: DutySignInTable;
  duty_substitution: DutySubstitutionTable;
  duty_vacancy: DutyVacancyTable;
  job: JobTable;
  officer: OfficerTable;
  officer_passkey: OfficerPasskeyTable;
  officer_session: OfficerSessionTable;
  person: PersonTable;
  person_absence: PersonAbsenceTable;
  person_passkey: PersonPasskeyTable;
  person_pin: PersonPinTable;
  person_stay: PersonStayTable;
  pin_failure: PinFailureTable;
  policy_version: PolicyVersionTable;
  roll_call: RollCallTable;
  roll_call_answer: RollCallAnswerTable;
  roll_call_cell: RollCallCellTable;
  schema_migration: SchemaMigrationTable;
  site: SiteTable;
  socket_io_attachments: SocketIoAttachmentsTable;
  work_event: WorkEventTable;
  work_filter: WorkFilterTable;
  work_item: WorkItemTable;
  work_viewer: WorkViewerTable;
}
