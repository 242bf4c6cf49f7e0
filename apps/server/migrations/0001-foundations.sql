-- What every other migration may count on: ranges in exclusion constraints, the site's own facts, and due jobs.
create extension if not exists btree_gist;

-- Facts that belong to the site as a whole, such as the offset of its clock or the public half of a key.
create table site (
  key text primary key check (length(key) between 1 and 100),
  value jsonb not null
);

-- Work that falls due. A job is written in the transaction that wants it and runs in the transaction that ends it,
-- so that several processes and any crash still run it once.
create table job (
  id uuid primary key default gen_random_uuid(),
  kind text not null check (length(kind) between 1 and 80),
  key text not null check (length(key) between 1 and 200),
  due_at timestamptz not null,
  payload jsonb not null,
  attempts integer not null default 0 check (attempts >= 0),
  state text not null default 'waiting' check (state in ('waiting', 'done', 'parked')),
  last_error text check (length(last_error) <= 2000),
  created_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  unique (kind, key),
  check ((state = 'waiting') = (finished_at is null))
);

create index job_due on job (due_at) where state = 'waiting';
create index job_finished on job (finished_at) where state = 'done';
