-- The moment a job was wanted for stays as it is, because rules read it; a failed try is repeated at a moment of its own.
alter table job add column retry_at timestamptz;
update job set state = 'waiting', finished_at = null where state = 'parked';
alter table job drop constraint job_state_check;
alter table job add constraint job_state_check check (state in ('waiting', 'done'));
drop index job_due;
create index job_next on job ((coalesce(retry_at, due_at))) where state = 'waiting';

alter table alert drop constraint alert_kind_check;
alter table alert add constraint alert_kind_check
  check (kind in ('emergency-call', 'duty-anomaly', 'device-silent', 'device-gap', 'roll-call-missing', 'sealed-parked', 'job-stuck'));

-- What a roll call found, and what a device lost, waited under the kinds of their neighbours.
update work_item set kind = 'roll-call-review' where kind = 'duty-review' and ref in (select id from alert where kind = 'roll-call-missing');
update work_item set kind = 'device-gap' where kind = 'device-silence' and ref in (select id from alert where kind = 'device-gap');
