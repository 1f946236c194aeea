-- The ledger: everything durable. One log an employer; every row carries its employer.
-- Instants are microseconds since 1970-01-01 UTC, so that both stores compare them alike.

create table ledger_meta (
    key   text primary key not null,
    value text not null
) without rowid;

create table employers (
    employer text primary key not null,
    settings text    not null,
    made_at  integer not null
) without rowid;

-- One row an employer. There is one writer; positions are gapless and equal to commit order.
create table log_heads (
    employer         text primary key not null references employers,
    position         integer not null default 0,
    last_recorded_at integer not null default 0
) without rowid;

create table events (
    employer      text    not null,
    position      integer not null,
    stream_kind   text    not null,
    stream_id     blob    not null,
    sequence      integer not null,
    event_type    text    not null,
    event_version integer not null,
    command_id    blob    not null,
    ordinal       integer not null,
    recorded_at   integer not null,
    person        blob, -- whom it is about
    leaf          text    not null, -- canonical JSON (RFC 8785), exactly as hashed
    leaf_hash     blob    not null, -- SHA-256(0x00 ‖ leaf), the RFC 9162 leaf
    primary key (employer, position),
    unique (stream_id, employer, stream_kind, sequence), -- an id alone leads to its stream
    unique (employer, command_id, ordinal)
);

create index events_person on events (employer, person, position) where person is not null;

create table claims (
    employer text not null,
    scope    text not null,
    key      text not null,
    holder   blob not null,
    until    integer,
    primary key (employer, scope, key)
) without rowid;

create table receipts (
    employer    text    not null,
    key         blob    not null,
    request     blob    not null,
    status      integer not null,
    stream_kind text    not null,
    stream_id   blob    not null,
    version     integer not null,
    position    integer not null,
    state       text    not null,
    made_at     integer not null,
    primary key (employer, key)
) without rowid;
create index receipts_made_at on receipts (made_at);

create table vault_keys (
    employer text not null,
    key_id   blob not null,
    subject  blob not null,
    class    text not null,
    wrapped  blob not null,
    primary key (employer, subject, class, key_id)
) without rowid;

create table vault_values (
    employer  text not null,
    reference blob not null,
    key_id    blob not null,
    subject   blob not null,
    class     text not null,
    sealed    blob not null,
    primary key (employer, reference) -- the references of one person lie together
) without rowid;

-- Keyed tokens (HMAC) of folded values: search, matching, look-up by code. Deleted with the person.
create table vault_tokens (
    employer text not null,
    scope    text not null,
    token    blob not null,
    owner    blob not null,
    subject  blob not null,
    primary key (employer, scope, token, owner)
) without rowid;
create index vault_tokens_subject on vault_tokens (employer, subject);
create index vault_tokens_owner on vault_tokens (employer, owner, scope);

-- Callers are random ids; who they are is sealed like any personal data.
create table actors (
    employer  text not null,
    actor     blob not null,
    token     blob not null,
    reference blob,
    primary key (employer, actor),
    unique (employer, token)
) without rowid;

-- One row a stream that waits for an instant.
create table timers (
    employer    text    not null,
    stream_kind text    not null,
    stream_id   blob    not null,
    due_at      integer not null,
    primary key (employer, stream_kind, stream_id)
) without rowid;
create index timers_due on timers (due_at);

-- How far each read model version and the reactions have come.
create table checkpoints (
    employer text    not null,
    model    text    not null,
    version  integer not null,
    position integer not null,
    stopped  text,
    primary key (employer, model, version)
) without rowid;

create table api_keys (
    employer   text    not null,
    key_id     text    primary key not null,
    record     text    not null,
    made_at    integer not null,
    revoked_at integer
) without rowid;

create trigger events_no_update before update on events begin
    select raise(abort, 'events are append-only: update is refused');
end;
create trigger events_no_delete before delete on events begin
    select raise(abort, 'events are append-only: delete is refused');
end;
