-- Filters of the queue that an officer has saved: what is looked for, never whom it found.
create table work_filter (
  officer uuid not null references officer,
  name text not null check (length(name) between 1 and 30),
  kind text check (length(kind) between 1 and 40),
  words text not null check (length(words) <= 60),
  created_at timestamptz not null,
  primary key (officer, name)
);
