-- Officers and their proofs, the people held here and where they are, and the dated versions of the site policy.

-- ---- policy ----
-- The version in force at a moment is the highest one whose time has come: each version was written with the one before it in view.
create table policy_version (
  version integer primary key check (version > 0),
  id uuid not null unique,
  document jsonb not null,
  effective_from timestamptz not null,
  reason text not null check (length(reason) between 2 and 500),
  changed_by uuid,
  at timestamptz not null
);

-- ---- officers ----
-- Posts are [{"role": …, "blocks": "all" | ["01", …]}]. The three administrations are three different people without business rights (HARD);
-- the prosecutor holds no post of the house.
create function officer_posts_valid(posts jsonb) returns boolean language sql immutable as $$
  select jsonb_typeof(posts) = 'array'
    and (select count(*) = count(distinct p ->> 'role') from jsonb_array_elements(posts) p)
    and (not exists (select 1 from jsonb_array_elements(posts) p where p ->> 'role' in ('system-admin', 'security-admin', 'audit-admin', 'prosecutor')) or jsonb_array_length(posts) = 1)
$$;

create table officer (
  id uuid primary key,
  name text not null check (length(name) between 1 and 60),
  staff_no text not null unique check (length(staff_no) between 3 and 20),
  posts jsonb not null check (officer_posts_valid(posts)),
  state text not null check (state in ('invited', 'active', 'disabled')),
  failures integer not null default 0 check (failures >= 0),
  locked_until timestamptz,
  last_sign_in_at timestamptz,
  version integer not null default 1 check (version > 0),
  created_at timestamptz not null
);

create table officer_passkey (
  credential_id text primary key check (length(credential_id) between 16 and 400),
  officer_id uuid not null references officer,
  public_key bytea not null check (length(public_key) <= 2000),
  counter bigint not null check (counter >= 0),
  transports text[] not null,
  backup_eligible boolean not null,
  created_at timestamptz not null,
  last_used_at timestamptz,
  ended_at timestamptz
);
create index officer_passkey_of_officer on officer_passkey (officer_id) where ended_at is null;

-- One-time links. Only the HMAC of the token rests here, so that a copy of the database opens no door.
create table access_link (
  token_hash bytea primary key check (length(token_hash) = 32),
  officer_id uuid not null references officer,
  purpose text not null check (purpose in ('first', 'invite', 'recover', 'demo')),
  made_by uuid references officer,
  made_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > made_at),
  used_at timestamptz
);
create index access_link_of_officer on access_link (officer_id) where used_at is null;

-- `registering`: a redeemed link that may do one thing, register a passkey. Locks and ends are decided by policy when read.
create table officer_session (
  id uuid primary key,
  token_hash bytea not null unique check (length(token_hash) = 32),
  officer_id uuid not null references officer,
  stage text not null check (stage in ('registering', 'open')),
  made_at timestamptz not null,
  touched_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > made_at),
  locked_at timestamptz,
  stepped_up_at timestamptz,
  ended_at timestamptz
);
create index officer_session_of_officer on officer_session (officer_id) where ended_at is null;

-- A WebAuthn ceremony under way: its challenge serves once.
create table access_ceremony (
  id uuid primary key,
  kind text not null check (kind in ('register', 'sign-in', 'step-up')),
  challenge text not null check (length(challenge) between 20 and 200),
  officer_id uuid references officer,
  session_id uuid references officer_session,
  expires_at timestamptz not null,
  check ((kind = 'sign-in') = (session_id is null))
);
create index access_ceremony_expiry on access_ceremony (expires_at);

-- ---- cells and people ----
create table cell (
  number text primary key check (number ~ '^\d{4}$'),
  block text not null generated always as (substr(number, 1, 2)) stored,
  capacity integer not null check (capacity between 1 and 40),
  sex text not null check (sex in ('male', 'female')),
  transition boolean not null,
  unique (number, sex)
);

create table person (
  id uuid primary key,
  number text not null unique check (number ~ '^\d{8}$'),
  name text not null check (length(name) between 1 and 60),
  sex text not null check (sex in ('male', 'female')),
  birth_date date not null,
  sentenced boolean not null,
  risk_level integer check (risk_level between 1 and 3),
  flags text[] not null default '{}' check (cardinality(flags) <= 10),
  co_suspect_group text check (length(co_suspect_group) between 1 and 40),
  state text not null check (state in ('held', 'released')),
  cell text,
  bed integer check (bed between 1 and 40),
  admitted_on date not null,
  passkey_allowed_until timestamptz,
  passkey_user text not null unique check (length(passkey_user) between 16 and 64),
  version integer not null default 1 check (version > 0),
  check ((state = 'held') = (cell is not null)),
  check ((cell is null) = (bed is null)),
  -- Men and women never share a cell (HARD): the cell must be of the person's sex.
  foreign key (cell, sex) references cell (number, sex),
  unique (cell, bed)
);
create index person_of_cell on person (cell, bed) where state = 'held';

-- Where a person slept and when. Whoever signs by bed off line is the one who had the bed at that time.
create table person_stay (
  id uuid primary key,
  person_id uuid not null references person,
  cell text not null references cell,
  bed integer not null check (bed between 1 and 40),
  from_at timestamptz not null,
  until_at timestamptz check (until_at >= from_at),
  reason text not null check (length(reason) between 2 and 500),
  end_reason text check (length(end_reason) between 2 and 500),
  begun_by uuid references officer,
  ended_by uuid references officer,
  constraint person_stay_one_bed exclude using gist (person_id with =, tstzrange(from_at, until_at) with &&),
  constraint person_stay_one_person exclude using gist (cell with =, bed with =, tstzrange(from_at, until_at) with &&)
);

create table person_absence (
  id uuid primary key,
  person_id uuid not null references person,
  reason text not null check (reason in ('interrogation', 'lawyer-meeting', 'family-visit', 'clinic', 'hospital', 'court', 'other')),
  since timestamptz not null,
  until_at timestamptz check (until_at >= since),
  taken_by uuid references officer,
  back_by uuid references officer
);
create unique index person_absence_open on person_absence (person_id) where until_at is null;
create index person_absence_of_person on person_absence (person_id, since);

-- A PIN rests as HMAC-SHA-256 under a key outside the database; what guards it is the count of failures (decision 9a).
create table person_pin (
  person_id uuid primary key references person,
  salt bytea not null check (length(salt) = 16),
  hash bytea not null check (length(hash) = 32),
  set_at timestamptz not null,
  locked_until timestamptz
);

-- Wrong PINs. Three of one kind of act around the same time end at "call an officer"; `replayed` ones were made off line and
-- count once per device toward the lock-out.
create table pin_failure (
  command_id uuid primary key,
  person_id uuid not null references person,
  kind text not null check (length(kind) <= 64),
  device_id uuid not null,
  replayed boolean not null,
  acted_at timestamptz not null,
  at timestamptz not null
);
create index pin_failure_of_person on pin_failure (person_id, at);

create table person_passkey (
  credential_id text primary key check (length(credential_id) between 16 and 400),
  person_id uuid not null references person,
  public_key bytea not null check (length(public_key) <= 2000),
  counter bigint not null check (counter >= 0),
  created_at timestamptz not null,
  last_used_at timestamptz
);
create index person_passkey_of_person on person_passkey (person_id);

-- Readers beside a terminal, registered with their public key.
create table bridge_key (
  id text primary key check (length(id) between 1 and 64),
  place text not null check (length(place) <= 40),
  public_jwk jsonb not null,
  registered_at timestamptz not null,
  revoked_at timestamptz
);
