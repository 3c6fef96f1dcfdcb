-- Clientele's customers as PostgreSQL and PostGraphile would have them: the rules are in the
-- database, the schema is made of the tables.

create domain short_text as text
  check (char_length(value) between 1 and 255 and value !~ '[[:cntrl:]]');

create domain postal_code as text
  check (char_length(value) between 1 and 32 and value !~ '[[:cntrl:]]');

-- :countries stands for the list of them.
create domain country_code as text check (value = any (array[:countries]));

create domain email_address as text
  check (
    char_length(value) <= 254
    and value ~* '^[a-z0-9_''+\-\.]*[a-z0-9_+\-]@([a-z0-9][a-z0-9\-]*\.)+[a-z]{2,}$'
  );

create type address as (
  line1 short_text,
  line2 short_text,
  city short_text,
  state short_text,
  postal_code postal_code,
  country country_code
);

create table corporations (
  id text primary key,
  legal_name text not null
);

create table customers (
  id uuid primary key default gen_random_uuid(),
  corporation_id text not null references corporations,
  name text not null check (char_length(name) between 3 and 255 and name !~ '[[:cntrl:]]'),
  email email_address,
  external_id short_text,
  shipping_address address,
  source_platform short_text,
  source_platform_id short_text,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create unique index on customers (corporation_id, external_id) where external_id is not null;
create index on customers (corporation_id, id);

create schema access;

create table access.tokens (
  id text primary key,
  hash text not null unique,
  "right" text not null,
  corporation_ids text[],
  expires_at timestamptz,
  revoked_at timestamptz
);
