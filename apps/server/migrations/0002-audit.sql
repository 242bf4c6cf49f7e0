-- The audit log: records, the Merkle log over them, signed checkpoints.
--
-- A record is written in the transaction of the effect it tells of. The sequencer later gives every record a leaf.
-- leaf_hash   = SHA-256(0x00 || canonical JSON of {action, at, content, id, v})   (RFC 6962 leaf)
-- content_hash = SHA-256(canonical JSON of actor, subject, place, outcome, detail … and a random salt)
-- so that retention can erase the content while id, time and action stay provable. Canonical JSON is RFC 8785.

create table audit_record (
  id uuid primary key,
  -- The writing transaction: the sequencer takes records in this order and never before all older transactions ended.
  xid xid8 not null default pg_current_xact_id(),
  -- Site time of the event. The id is a UUIDv7 made from it, so that the primary key also orders by time.
  at timestamptz(3) not null,
  action text not null check (action ~ '^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$' and length(action) <= 80),
  content_hash bytea not null check (length(content_hash) = 32),
  leaf_hash bytea not null check (length(leaf_hash) = 32),
  -- The content, all of it null once erased.
  salt bytea check (length(salt) = 16),
  actor_kind text check (actor_kind in ('officer', 'device', 'system', 'person')),
  actor_id text check (length(actor_id) <= 100),
  session_id text check (length(session_id) <= 100),
  device_id text check (length(device_id) <= 100),
  subject_kind text check (length(subject_kind) <= 40),
  subject_id text check (length(subject_id) <= 100),
  cell text check (length(cell) <= 8),
  block text check (length(block) <= 8),
  outcome text check (outcome in ('accepted', 'refused', 'parked', 'failed')),
  reason text check (length(reason) <= 1000),
  shown jsonb,
  detail jsonb,
  erased_at timestamptz,
  constraint audit_record_id_tells_time check (('x' || substr(replace(id::text, '-', ''), 1, 12))::bit(48)::bigint = floor(extract(epoch from at) * 1000)),
  constraint audit_record_whole_or_erased check (
    case when erased_at is null then num_nulls(salt, actor_kind, outcome) = 0 and (subject_id is null or subject_kind is not null)
    else num_nonnulls(salt, actor_kind, actor_id, session_id, device_id, subject_kind, subject_id, cell, block, outcome, reason, shown, detail) = 0 end
  )
);
create index audit_record_by_actor on audit_record (actor_id, id) where actor_id is not null;
create index audit_record_by_subject on audit_record (subject_id, id) where subject_id is not null;
create index audit_record_by_cell on audit_record (cell, id) where cell is not null;
create index audit_record_by_action on audit_record (action, id);

-- Records that wait for their leaf. Small: the sequencer empties it every few seconds.
create table audit_pending (
  record_id uuid primary key,
  xid xid8 not null,
  leaf_hash bytea not null,
  -- Database time, so that the lag is true whatever the site's clock does.
  queued_at timestamptz not null default now()
);

create table audit_leaf (
  leaf_index bigint primary key check (leaf_index >= 0),
  record_id uuid not null unique,
  leaf_hash bytea not null check (length(leaf_hash) = 32)
);

-- Roots of whole subtrees of 256^level leaves: a proof reads some hundred rows and not the whole log.
create table audit_subtree (
  level smallint not null check (level between 1 and 6),
  index bigint not null check (index >= 0),
  hash bytea not null check (length(hash) = 32),
  primary key (level, index)
);

create table audit_checkpoint (
  tree_size bigint primary key check (tree_size > 0),
  root_hash bytea not null check (length(root_hash) = 32),
  -- C2SP tlog-checkpoint: a signed note.
  note text not null check (length(note) <= 2000),
  at timestamptz not null default now()
);

-- Signature lines that other hosts gave for a checkpoint (C2SP tlog-cosignature).
create table audit_cosignature (
  tree_size bigint not null references audit_checkpoint,
  key_name text not null check (length(key_name) between 1 and 200),
  line text not null check (length(line) <= 500),
  at timestamptz not null default now(),
  primary key (tree_size, key_name)
);

create function audit_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'table % is append-only: % refused', tg_table_name, tg_op using errcode = 'insufficient_privilege';
end $$;

-- The one change a record may see: all content gone, nothing else touched, old enough, its leaf in the log.
create function audit_record_only_erasure() returns trigger language plpgsql as $$
begin
  if old.erased_at is null and new.erased_at = now() and old.at < now() - interval '180 days'
    and (new.id, new.xid, new.at, new.action, new.content_hash, new.leaf_hash) = (old.id, old.xid, old.at, old.action, old.content_hash, old.leaf_hash)
    and exists (select 1 from audit_leaf l where l.record_id = old.id)
  then
    return new;
  end if;
  raise exception 'table audit_record is append-only: UPDATE refused' using errcode = 'insufficient_privilege';
end $$;

create function audit_record_enqueue() returns trigger language plpgsql as $$
begin
  if exists (select 1 from fresh where xid <> pg_current_xact_id()) then
    raise exception 'an audit record carries the transaction that writes it' using errcode = 'check_violation';
  end if;
  insert into audit_pending (record_id, xid, leaf_hash) select id, xid, leaf_hash from fresh;
  return null;
end $$;

create function audit_leaf_dense() returns trigger language plpgsql as $$
declare
  first bigint;
  last bigint;
  amount bigint;
  known bigint;
begin
  select min(leaf_index), max(leaf_index), count(*) into first, last, amount from fresh;
  if amount = 0 then
    return null;
  end if;
  if last - first + 1 <> amount or first <> coalesce((select max(leaf_index) + 1 from audit_leaf where leaf_index < first), 0) then
    raise exception 'audit leaves are numbered without a gap' using errcode = 'check_violation';
  end if;
  select count(*) into known from fresh join audit_record r on r.id = fresh.record_id and r.leaf_hash = fresh.leaf_hash;
  if known <> amount then
    raise exception 'an audit leaf belongs to a record and has its hash' using errcode = 'check_violation';
  end if;
  return null;
end $$;

create function audit_pending_only_done() returns trigger language plpgsql as $$
begin
  if exists (select 1 from gone where not exists (select 1 from audit_leaf l where l.record_id = gone.record_id)) then
    raise exception 'an audit record waits until it has its leaf' using errcode = 'check_violation';
  end if;
  return null;
end $$;

create function audit_checkpoint_of_log() returns trigger language plpgsql as $$
begin
  if new.tree_size <> coalesce((select max(leaf_index) + 1 from audit_leaf), 0) then
    raise exception 'a checkpoint covers the whole log' using errcode = 'check_violation';
  end if;
  return new;
end $$;

create trigger audit_record_update before update on audit_record for each row execute function audit_record_only_erasure();
create trigger audit_record_delete before delete on audit_record for each row execute function audit_refuse();
create trigger audit_record_truncate before truncate on audit_record for each statement execute function audit_refuse();
create trigger audit_record_insert after insert on audit_record referencing new table as fresh for each statement execute function audit_record_enqueue();

create trigger audit_pending_update before update on audit_pending for each row execute function audit_refuse();
create trigger audit_pending_delete after delete on audit_pending referencing old table as gone for each statement execute function audit_pending_only_done();
create trigger audit_pending_truncate before truncate on audit_pending for each statement execute function audit_refuse();

create trigger audit_leaf_change before update or delete on audit_leaf for each row execute function audit_refuse();
create trigger audit_leaf_truncate before truncate on audit_leaf for each statement execute function audit_refuse();
create trigger audit_leaf_insert after insert on audit_leaf referencing new table as fresh for each statement execute function audit_leaf_dense();

create trigger audit_subtree_change before update or delete on audit_subtree for each row execute function audit_refuse();
create trigger audit_subtree_truncate before truncate on audit_subtree for each statement execute function audit_refuse();

create trigger audit_checkpoint_change before update or delete on audit_checkpoint for each row execute function audit_refuse();
create trigger audit_checkpoint_truncate before truncate on audit_checkpoint for each statement execute function audit_refuse();
create trigger audit_checkpoint_insert before insert on audit_checkpoint for each row execute function audit_checkpoint_of_log();

create trigger audit_cosignature_change before update or delete on audit_cosignature for each row execute function audit_refuse();
create trigger audit_cosignature_truncate before truncate on audit_cosignature for each statement execute function audit_refuse();

-- Erases the content of at most p_limit records older than p_days, oldest first; returns how many. Never below the legal 180 days.
create function audit_erase(p_days integer, p_limit integer) returns bigint language plpgsql as $$
declare
  erased bigint;
begin
  if p_days is null or p_days < 180 then
    raise exception 'audit records are kept at least 180 days' using errcode = 'check_violation';
  end if;
  with due as (
    select r.id from audit_record r
    where r.erased_at is null and r.at < now() - make_interval(days => p_days) and exists (select 1 from audit_leaf l where l.record_id = r.id)
    order by r.id limit p_limit
  )
  update audit_record r set erased_at = now(), salt = null, actor_kind = null, actor_id = null, session_id = null, device_id = null,
    subject_kind = null, subject_id = null, cell = null, block = null, outcome = null, reason = null, shown = null, detail = null
  from due where r.id = due.id;
  get diagnostics erased = row_count;
  return erased;
end $$;
