-- The command door: one outcome per command id for ever, what was parked, the feed of changes; and the devices that send commands.

-- ---- devices ----
create table device (
  id uuid primary key,
  place text not null check (place ~ '^(cell:\d{4}|hall:[a-z0-9-]{1,24})$'),
  state text not null check (state in ('waiting', 'active', 'revoked', 'refused')),
  -- Public key as JWK and its RFC 7638 thumbprint (base64url).
  public_key jsonb not null,
  thumbprint text not null unique check (length(thumbprint) = 43),
  check_value text not null check (check_value ~ '^\d{6}$'),
  build text not null check (length(build) <= 40),
  screen text not null check (length(screen) <= 40),
  user_agent text not null check (length(user_agent) <= 300),
  enrolled_at timestamptz not null,
  confirmed_by uuid,
  confirmed_at timestamptz,
  ended_by uuid,
  ended_at timestamptz,
  replaces uuid references device,
  version integer not null default 1 check (version > 0),
  constraint device_confirmed check (case when state = 'active' then num_nulls(confirmed_by, confirmed_at) = 0 else true end)
);
-- One terminal per place; a second one first waits, and then replaces or is refused.
create unique index device_one_active on device (place) where state = 'active';
create index device_of_place on device (place);

-- A one-time code. Only HMACs rest here: of its first half, which finds the enrolment, and of the whole, which opens it.
create table device_enrolment (
  id uuid primary key,
  place text not null check (place ~ '^(cell:\d{4}|hall:[a-z0-9-]{1,24})$'),
  lookup_mac bytea not null check (length(lookup_mac) = 32),
  code_mac bytea not null unique check (length(code_mac) = 32),
  created_by uuid,
  created_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > created_at),
  tries_left integer not null check (tries_left >= 0),
  replaces uuid references device,
  device uuid references device,
  used_at timestamptz,
  check ((device is null) = (used_at is null))
);
create index device_enrolment_lookup on device_enrolment (lookup_mac);
create index device_enrolment_open on device_enrolment (expires_at) where used_at is null;

-- The last sign of life; room is left in each page because every row changes several times a minute.
create table device_health (
  device uuid primary key,
  last_seen_at timestamptz not null,
  build text not null check (length(build) <= 40),
  generation uuid not null,
  boot_id uuid not null,
  last_seq bigint not null check (last_seq >= 0),
  queued bigint not null check (queued >= 0),
  oldest_queued_at timestamptz,
  parked bigint not null check (parked >= 0),
  clock_offset_ms double precision not null,
  free_bytes double precision,
  persisted boolean not null
) with (fillfactor = 50);

-- Silence: one open row per device from amber until it is back.
create table device_silence (
  id uuid primary key,
  device uuid not null references device,
  since timestamptz not null,
  amber_at timestamptz not null,
  red_at timestamptz,
  ended_at timestamptz check (ended_at >= amber_at),
  alert uuid
);
create unique index device_silence_open on device_silence (device) where ended_at is null;

-- How far a device has come, per generation of its store. `missing` lists the ranges [from, to] below `high` that never arrived.
create table device_sequence (
  device uuid not null references device,
  generation uuid not null,
  high bigint not null check (high >= 0),
  missing jsonb not null default '[]' check (jsonb_typeof(missing) = 'array'),
  started_at timestamptz not null,
  primary key (device, generation)
);

-- A gap keeps its row: noticed, filled later or never, and whether an alert named it.
create table device_gap (
  device uuid not null,
  generation uuid not null,
  from_seq bigint not null check (from_seq > 0),
  to_seq bigint not null check (to_seq >= from_seq),
  noticed_at timestamptz not null,
  filled_at timestamptz,
  raised_at timestamptz,
  primary key (device, generation, from_seq, to_seq),
  foreign key (device, generation) references device_sequence
);
create index device_gap_open on device_gap (noticed_at) where filled_at is null;

-- ---- commands ----
create table command (
  id uuid primary key,
  kind text not null check (length(kind) <= 64),
  version integer not null check (version > 0),
  -- HMAC over maker, kind, version and body: the same id with another of these is another command.
  fingerprint bytea not null check (length(fingerprint) = 32),
  maker_kind text not null check (maker_kind in ('officer', 'device')),
  maker uuid not null,
  outcome text not null check (outcome in ('accepted', 'refused', 'parked')),
  code text check (length(code) <= 60),
  message text check (length(message) <= 500),
  details jsonb,
  result jsonb,
  claimed_at timestamptz not null,
  received_at timestamptz not null,
  corrected_at timestamptz not null,
  skew_ms bigint,
  generation uuid,
  seq bigint check (seq > 0),
  constraint command_code_of_refusal check ((outcome = 'refused') = (code is not null)),
  -- A call whose signature is broken has no number.
  constraint command_device_numbers check ((seq is null) = (generation is null) and (maker_kind = 'device' or seq is null))
);

-- What could not be done and waits for an administrator, as it came: a device's body stays sealed.
create table command_quarantine (
  id uuid primary key references command,
  envelope jsonb not null,
  error text not null check (length(error) <= 1000),
  attempts integer not null check (attempts > 0),
  parked_at timestamptz not null,
  resolved_at timestamptz,
  resolved_by uuid
);

-- ---- the change feed ----
-- Read in commit order by the xid fence (decision 8), never by id.
create table change_event (
  -- Only orders the rows of one transaction.
  id bigint generated always as identity,
  xid xid8 not null default pg_current_xact_id(),
  topic text not null check (length(topic) <= 40),
  cell text check (length(cell) <= 8),
  at timestamptz not null
);
create index change_event_by_xid on change_event (xid);
create index change_event_by_time on change_event using brin (at);

-- Everything below this position was pruned: an older cursor reads everything anew.
create table change_floor (
  single boolean primary key default true check (single),
  xid xid8 not null
);
insert into change_floor (xid) values ('0');

-- Hints between several processes travel by NOTIFY; one that is too long for it would rest here for a moment.
create unlogged table socket_io_attachments (
  id bigint generated always as identity primary key,
  created_at timestamptz default now(),
  payload bytea
);
