-- A held cell without a roster is an anomaly of its own kind, and the missing roster waits in the queue before its first slot comes.
alter table duty_anomaly drop constraint duty_anomaly_kind_check;
alter table duty_anomaly add constraint duty_anomaly_kind_check
  check (kind in ('SOLO_DUTY', 'NO_DUTY', 'LATE', 'LEFT_POST', 'SLEEPING', 'WRONG_PERSON', 'EXCLUDED_PERSON', 'TERMINAL_OFFLINE', 'ABNORMAL_REPORT', 'NO_ROSTER'));

-- One week of one cell waits once for its roster.
create table duty_roster_gap (
  id uuid primary key,
  cell text not null references cell,
  week date not null check (extract(isodow from week) = 1),
  -- The first slot that nobody has, as it was when the gap was last noticed.
  slot text not null check (slot ~ '^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$'),
  starts_at timestamptz not null,
  noticed_at timestamptz not null,
  -- `settled`: a roster holds now, nobody is held there any more, or the slots are over. `answered`: an officer said what is done instead.
  state text not null default 'open' check (state in ('open', 'settled', 'answered')),
  unique (cell, week)
);
create index duty_roster_gap_open on duty_roster_gap (cell) where state = 'open';
