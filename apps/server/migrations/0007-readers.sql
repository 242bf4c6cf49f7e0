-- A reader beside a terminal (fingerprint, face, wristband) is registered, named and ended by administrators; its id is the RFC 7638
-- thumbprint of its key, so that a key that was ended never comes back under another id. Nothing could register one before.
alter table bridge_key
  add column name text,
  add column reader text,
  add column registered_by uuid references officer,
  add column revoked_by uuid references officer,
  add column version integer not null default 1 check (version > 0);
update bridge_key set name = id, reader = 'fingerprint';
alter table bridge_key
  alter column name set not null,
  alter column reader set not null,
  add constraint bridge_key_name check (length(name) between 1 and 60),
  add constraint bridge_key_reader check (reader in ('fingerprint', 'face', 'wristband')),
  add constraint bridge_key_place check (place ~ '^(cell:\d{4}|hall:[a-z0-9-]{1,24})$');
create index bridge_key_of_place on bridge_key (place) where revoked_at is null;
