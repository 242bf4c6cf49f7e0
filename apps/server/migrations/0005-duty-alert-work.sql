-- Cell duty, roll call, alerts and the one work queue. What must never be true is a constraint here, whatever the program does.

-- ---- work queue (decision 22: an item holds no content, only where to find it) ----
create table work_item (
  id uuid primary key,
  kind text not null check (length(kind) between 1 and 40),
  ref uuid not null,
  cell text references cell,
  place text check (length(place) <= 40),
  priority text not null check (priority in ('emergency', 'urgent', 'soon', 'routine')),
  -- 0 emergency … 3 routine, so that one index gives the order of the queue.
  rank integer not null generated always as (case priority when 'emergency' then 0 when 'urgent' then 1 when 'soon' then 2 else 3 end) stored,
  created_at timestamptz not null,
  deadline timestamptz not null check (deadline >= created_at),
  escalated integer not null default 0 check (escalated >= 0),
  escalated_to text check (length(escalated_to) <= 40),
  state text not null default 'open' check (state in ('open', 'claimed', 'decided', 'done')),
  version integer not null default 1 check (version > 0),
  holder uuid references officer,
  holder_name text,
  held_since timestamptz,
  lease_until timestamptz,
  verdict text check (verdict in ('approve', 'return', 'refuse', 'later', 'end')),
  decided_by uuid references officer,
  decided_name text,
  decided_at timestamptz,
  undo_until timestamptz,
  reason_code text check (length(reason_code) <= 64),
  note text check (length(note) <= 500),
  input jsonb,
  done_at timestamptz,
  constraint work_item_held check (case when state = 'claimed' then num_nulls(holder, holder_name, held_since, lease_until) = 0 else num_nonnulls(holder, holder_name, held_since, lease_until) = 0 end),
  constraint work_item_verdict_whole check (num_nulls(verdict, decided_by, decided_name, decided_at) in (0, 4)),
  constraint work_item_decided check ((state <> 'decided' or verdict is not null) and (state not in ('open', 'claimed') or verdict is null)),
  constraint work_item_done check ((state = 'done') = (done_at is not null))
);
-- One thing waits once.
create unique index work_item_waiting on work_item (kind, ref) where state <> 'done';
create index work_item_order on work_item (rank, deadline, created_at, id) where state <> 'done';
create index work_item_done_order on work_item (done_at desc, id desc) where state = 'done';
create index work_item_of_ref on work_item (ref);

create table work_event (
  id uuid primary key,
  -- Order of writing: several lines can share a moment.
  seq bigint generated always as identity,
  item uuid not null references work_item,
  at timestamptz not null,
  who uuid references officer,
  who_name text,
  what text not null check (length(what) <= 60),
  note text check (length(note) <= 500)
);
create index work_event_of_item on work_event (item, seq);

-- Who has an item open at this moment. Worth nothing after a crash.
create unlogged table work_viewer (
  item uuid not null,
  officer uuid not null,
  name text not null,
  until_at timestamptz not null,
  primary key (item, officer)
);

-- ---- alerts ----
create table alert (
  id uuid primary key,
  kind text not null check (kind in ('emergency-call', 'duty-anomaly', 'device-silent', 'device-gap', 'roll-call-missing', 'sealed-parked')),
  level text not null check (level in ('high', 'medium', 'low')),
  cell text references cell,
  place text check (length(place) <= 40),
  subject uuid,
  -- Key of the one-line text, e.g. the kind of anomaly.
  title text not null check (length(title) between 1 and 80),
  merge_key text not null check (length(merge_key) between 1 and 120),
  state text not null default 'calling' check (state in ('calling', 'acknowledged', 'arrived', 'ended', 'withdrawn')),
  raised_at timestamptz not null,
  last_raised_at timestamptz not null check (last_raised_at >= raised_at),
  count integer not null default 1 check (count > 0),
  proved boolean not null,
  device uuid,
  -- From here the escalation counts: the call, or its last re-opening.
  clock_at timestamptz not null,
  step integer not null default 0 check (step >= 0),
  step_at timestamptz not null,
  acknowledged_by uuid references officer,
  acknowledged_name text,
  acknowledged_at timestamptz,
  arrived_by uuid references officer,
  arrived_name text,
  arrived_at timestamptz,
  arrive_by timestamptz,
  reopened integer not null default 0 check (reopened >= 0),
  ended_by uuid references officer,
  ended_name text,
  ended_at timestamptz,
  measure text check (length(measure) between 2 and 500),
  result text check (length(result) between 2 and 500),
  withdrawn_at timestamptz,
  -- Ended only by a named officer with measure and result.
  constraint alert_ended check (case when state = 'ended' then num_nulls(ended_by, ended_name, ended_at, measure, result) = 0 else num_nonnulls(ended_by, ended_name, ended_at, measure, result) = 0 end),
  -- A call is taken back within 5 s by its presser; others when the world has settled them.
  constraint alert_withdrawn check (kind <> 'emergency-call' or withdrawn_at is null or withdrawn_at <= raised_at + interval '5 seconds'),
  constraint alert_acknowledged check ((state not in ('acknowledged', 'arrived') or acknowledged_by is not null) and (state <> 'calling' or acknowledged_by is null)),
  constraint alert_arrived check (state <> 'arrived' or arrived_by is not null)
);
create index alert_open on alert (level, raised_at) where state <> 'ended';
create index alert_newest on alert (raised_at desc, id desc);
create index alert_merge on alert (merge_key, last_raised_at) where state in ('calling', 'acknowledged', 'arrived');
create index alert_of_subject on alert (subject) where subject is not null;
create index alert_of_cell on alert (cell, raised_at desc) where cell is not null;

create table alert_event (
  id uuid primary key,
  seq bigint generated always as identity,
  alert uuid not null references alert,
  at timestamptz not null,
  who uuid references officer,
  who_name text,
  what text not null check (length(what) <= 60),
  note text check (length(note) <= 500)
);
create index alert_event_of_alert on alert_event (alert, seq);

-- Every press is a command of its own; this says to which alert it led, so that the terminal follows its own call.
create table alert_press (
  command uuid primary key,
  alert uuid not null references alert,
  device uuid not null,
  at timestamptz not null,
  -- When the person pressed: an old press that arrives late cannot be withdrawn any more.
  claimed_at timestamptz not null,
  marked text check (marked in ('revoked', 'waiting', 'refused', 'unproved'))
);
create index alert_press_of_alert on alert_press (alert);

-- ---- duty roster ----
create table duty_roster (
  id uuid primary key,
  cell text not null references cell,
  week date not null check (extract(isodow from week) = 1),
  version integer not null check (version > 0),
  state text not null check (state in ('draft', 'submitted', 'approved', 'returned')),
  -- [{"slot": "2026-11-22T22:00", "people": [id, id]}]
  slots jsonb not null check (jsonb_typeof(slots) = 'array'),
  -- First slot for which an approved roster holds.
  effective_from text check (effective_from ~ '^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$'),
  made_by uuid references officer,
  made_at timestamptz not null,
  submitted_by uuid references officer,
  submitted_at timestamptz,
  decided_by uuid references officer,
  decided_at timestamptz,
  reason text check (length(reason) <= 500),
  unique (cell, week, version),
  check ((state = 'approved') = (effective_from is not null))
);
-- One draft under way per cell and week.
create unique index duty_roster_draft on duty_roster (cell, week) where state <> 'approved';

-- Who has which seat of a slot; made from approved rosters and substitutions.
create table duty_seat (
  cell text not null references cell,
  slot text not null check (slot ~ '^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$'),
  seat integer not null check (seat in (1, 2)),
  person uuid not null references person,
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  source text not null check (source in ('roster', 'substitute')),
  roster uuid not null references duty_roster,
  primary key (cell, slot, seat),
  unique (cell, slot, person),
  unique (slot, person),
  unique (cell, slot, seat, person)
);
create index duty_seat_of_person on duty_seat (person, starts_at);
create index duty_seat_by_time on duty_seat (starts_at);

create table duty_substitution (
  id uuid primary key,
  cell text not null,
  slot text not null,
  seat integer not null,
  absent uuid not null references person,
  substitute uuid not null references person check (substitute <> absent),
  reason text not null check (length(reason) between 2 and 500),
  made_by uuid references officer,
  made_at timestamptz not null
);
create index duty_substitution_of_slot on duty_substitution (cell, slot);

-- One slot of one cell waits once for a substitute of one person.
create table duty_vacancy (
  id uuid primary key,
  cell text not null references cell,
  slot text not null,
  absent uuid not null references person,
  proposed uuid references person,
  cause text not null check (length(cause) <= 40),
  raised_at timestamptz not null,
  state text not null default 'open' check (state in ('open', 'filled', 'declined', 'lapsed')),
  unique (cell, slot, absent)
);

-- ---- sign-ins ----
create table duty_sign_in (
  id uuid primary key,
  cell text not null references cell,
  slot text not null,
  seat integer not null,
  person uuid not null references person,
  bed integer not null check (bed between 1 and 40),
  state text not null check (state in ('on-time', 'late', 'late-proved')),
  -- Evidence of lateness, whenever it was received.
  late boolean not null,
  -- When the person signed, as far as the server believes it.
  signed_at timestamptz not null,
  -- Why an officer should look at its time: CLOCK_SKEW, CLOCK_UNKNOWN.
  review text[] not null default '{}',
  claimed_at timestamptz not null,
  corrected_at timestamptz not null,
  received_at timestamptz not null,
  proof text not null check (proof in ('pin', 'passkey', 'bridge')),
  device uuid not null,
  skew_ms bigint,
  -- Once per person and slot, and nobody signs for another's seat.
  unique (slot, person),
  unique (cell, slot, seat),
  foreign key (cell, slot, seat, person) references duty_seat (cell, slot, seat, person)
);
create index duty_sign_in_newest on duty_sign_in (signed_at desc, id desc);

create table duty_handover (
  id uuid primary key,
  cell text not null references cell,
  slot text not null,
  person uuid not null references person,
  verdict text not null check (verdict in ('normal', 'abnormal')),
  remark text not null check (length(remark) <= 500),
  claimed_at timestamptz not null,
  received_at timestamptz not null,
  device uuid not null,
  -- The outgoing stay until the incoming have signed.
  released_at timestamptz,
  unique (slot, person)
);
create index duty_handover_of_slot on duty_handover (cell, slot);

create table duty_presence (
  id uuid primary key,
  cell text not null references cell,
  slot text not null,
  ask_at timestamptz not null,
  answer_by timestamptz not null check (answer_by > ask_at),
  -- `skipped`: nobody could see it, because the server or the terminal was away.
  state text not null default 'planned' check (state in ('planned', 'asked', 'answered', 'missed', 'skipped')),
  answered_at timestamptz,
  answer_received_at timestamptz,
  in_time boolean,
  command uuid,
  unique (cell, slot, ask_at),
  check (case when state = 'answered' then num_nulls(answered_at, answer_received_at, in_time, command) = 0 else num_nonnulls(answered_at, answer_received_at, in_time, command) = 0 end)
);
create index duty_presence_due on duty_presence (ask_at) where state in ('planned', 'asked');
create index duty_presence_asked on duty_presence (cell) where state = 'asked';

-- ---- anomalies ----
create table duty_anomaly (
  id uuid primary key,
  -- What makes it the same anomaly: each is raised once.
  key text not null unique check (length(key) between 1 and 160),
  kind text not null check (kind in ('SOLO_DUTY', 'NO_DUTY', 'LATE', 'LEFT_POST', 'SLEEPING', 'WRONG_PERSON', 'EXCLUDED_PERSON', 'TERMINAL_OFFLINE', 'ABNORMAL_REPORT')),
  cell text not null references cell,
  slot text check (slot ~ '^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$'),
  -- The roster day: a night belongs to its evening.
  day date not null,
  at timestamptz not null,
  raised_at timestamptz not null,
  people uuid[] not null,
  state text not null default 'open' check (state in ('open', 'late-proved', 'ended')),
  note text check (length(note) <= 500),
  observed_by uuid references officer,
  -- When a terminal that was silent was first seen again; its stored sign-ins follow within the policy's grace.
  back_at timestamptz,
  alert uuid references alert,
  ended_by uuid references officer,
  ended_name text,
  ended_at timestamptz,
  measure text check (length(measure) between 2 and 500),
  result text check (length(result) between 2 and 500),
  constraint duty_anomaly_ended check (case when state = 'ended' then num_nulls(ended_by, ended_name, ended_at, measure, result) = 0 else num_nonnulls(ended_by, ended_name, ended_at, measure, result) = 0 end)
);
create index duty_anomaly_newest on duty_anomaly (at desc, id desc);
create index duty_anomaly_of_slot on duty_anomaly (cell, slot);
create index duty_anomaly_of_day on duty_anomaly (day);
create index duty_anomaly_of_people on duty_anomaly using gin (people);
create index duty_anomaly_of_alert on duty_anomaly (alert) where alert is not null;

create table duty_late_proof (
  anomaly uuid not null references duty_anomaly,
  sign_in uuid not null references duty_sign_in,
  person uuid not null references person,
  claimed_at timestamptz not null,
  received_at timestamptz not null,
  primary key (anomaly, sign_in)
);

create table duty_comment (
  id uuid primary key,
  anomaly uuid not null references duty_anomaly,
  person uuid not null references person,
  at timestamptz not null,
  comment text not null check (length(comment) between 1 and 500)
);
create index duty_comment_of_anomaly on duty_comment (anomaly, at);

-- An anomaly and its evidence are never erased; only its ending is added.
create function duty_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'table % keeps its rows: % refused', tg_table_name, tg_op using errcode = 'insufficient_privilege';
end $$;
create function duty_anomaly_only_grows() returns trigger language plpgsql as $$
begin
  if old.state = 'ended' or (new.id, new.key, new.kind, new.cell, new.at, new.raised_at, new.people) is distinct from (old.id, old.key, old.kind, old.cell, old.at, old.raised_at, old.people) then
    raise exception 'what a duty anomaly says is not changed' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger duty_anomaly_update before update on duty_anomaly for each row execute function duty_anomaly_only_grows();
create trigger duty_anomaly_delete before delete on duty_anomaly for each row execute function duty_refuse();
create trigger duty_sign_in_change before update or delete on duty_sign_in for each row execute function duty_refuse();
create trigger duty_late_proof_change before update or delete on duty_late_proof for each row execute function duty_refuse();
create trigger duty_comment_change before update or delete on duty_comment for each row execute function duty_refuse();
create trigger work_event_change before update or delete on work_event for each row execute function duty_refuse();
create trigger alert_event_change before update or delete on alert_event for each row execute function duty_refuse();

-- ---- roll call ----
create table roll_call (
  id uuid primary key,
  kind text not null check (kind in ('scheduled', 'ad-hoc')),
  -- UTC minute of a scheduled one: it starts once.
  due text unique check (due ~ '^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$'),
  started_at timestamptz not null,
  started_by uuid references officer,
  started_name text,
  reason text check (length(reason) <= 500),
  round integer not null default 1 check (round in (1, 2)),
  round_at timestamptz not null,
  round_ends_at timestamptz not null check (round_ends_at > round_at),
  state text not null default 'open' check (state in ('open', 'closed')),
  check ((kind = 'scheduled') = (due is not null)),
  check ((kind = 'ad-hoc') = (started_by is not null))
);
create index roll_call_newest on roll_call (started_at desc, id desc);

create table roll_call_cell (
  roll_call uuid not null references roll_call,
  cell text not null references cell,
  expected uuid[] not null,
  state text not null default 'open' check (state in ('open', 'complete', 'missing', 'confirmed')),
  offline boolean not null default false,
  confirmed_by uuid references officer,
  confirmed_name text,
  confirmed_at timestamptz,
  note text check (length(note) <= 500),
  primary key (roll_call, cell),
  check ((state = 'confirmed') = (confirmed_by is not null and confirmed_at is not null))
);
create index roll_call_cell_open on roll_call_cell (cell) where state = 'open';

create table roll_call_answer (
  roll_call uuid not null,
  cell text not null,
  person uuid not null references person,
  round integer not null check (round in (1, 2)),
  answered_at timestamptz not null,
  received_at timestamptz not null,
  -- The terminal's command, or the officer who saw the person.
  command uuid,
  seen_by uuid references officer,
  primary key (roll_call, person),
  foreign key (roll_call, cell) references roll_call_cell,
  check (num_nonnulls(command, seen_by) = 1)
);
