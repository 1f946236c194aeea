-- The ledger: everything durable. One log an employer; every row carries its employer.
-- Instants are microseconds since 1970-01-01 UTC, so that both stores compare them alike.

create table ledger_meta (
    key   text primary key,
    value text not null
);

create table employers (
    employer text primary key,
    settings text   not null,
    made_at  bigint not null
);

-- One row an employer. Whoever appends locks it first: positions are gapless and equal to commit order.
create table log_heads (
    employer         text primary key references employers,
    position         bigint not null default 0,
    last_recorded_at bigint not null default 0
);

create table events (
    employer      text    not null,
    position      bigint  not null,
    stream_kind   text    not null,
    stream_id     uuid    not null,
    sequence      bigint  not null,
    event_type    text    not null,
    event_version integer not null,
    command_id    uuid    not null,
    ordinal       integer not null,
    recorded_at   bigint  not null,
    leaf          json    not null, -- canonical JSON (RFC 8785), stored as text exactly as hashed
    leaf_hash     bytea   not null, -- SHA-256(0x00 ‖ leaf), the RFC 9162 leaf
    primary key (employer, position),
    unique (employer, stream_kind, stream_id, sequence),
    unique (employer, command_id, ordinal)
);

-- Which events concern which person or case, beside the stream they are in.
create table event_links (
    employer text   not null,
    kind     text   not null,
    id       uuid   not null,
    position bigint not null,
    primary key (employer, kind, id, position)
);

create table claims (
    employer text   not null,
    scope    text   not null,
    key      text   not null,
    holder   uuid   not null,
    until    bigint,
    primary key (employer, scope, key)
);

create table receipts (
    employer    text    not null,
    key         bytea   not null,
    request     bytea   not null,
    status      integer not null,
    stream_kind text    not null,
    stream_id   uuid    not null,
    version     bigint  not null,
    position    bigint  not null,
    state       text    not null,
    made_at     bigint  not null,
    primary key (employer, key)
);
create index receipts_made_at on receipts (made_at);

create table vault_keys (
    employer text  not null,
    key_id   uuid  not null,
    subject  uuid  not null,
    class    text  not null,
    wrapped  bytea not null,
    primary key (employer, key_id)
);
create index vault_keys_subject on vault_keys (employer, subject, class);

create table vault_values (
    employer  text  not null,
    reference uuid  not null,
    key_id    uuid  not null,
    subject   uuid  not null,
    class     text  not null,
    sealed    bytea not null,
    primary key (employer, reference)
);
create index vault_values_subject on vault_values (employer, subject, class);

-- Keyed tokens (HMAC) of folded values: search, matching, look-up by code. Deleted with the person.
create table vault_tokens (
    employer text  not null,
    scope    text  not null,
    token    bytea not null,
    owner    uuid  not null,
    subject  uuid  not null,
    primary key (employer, scope, token, owner)
);
create index vault_tokens_subject on vault_tokens (employer, subject);
create index vault_tokens_owner on vault_tokens (employer, owner, scope);

-- Callers are random ids; who they are is sealed like any personal data.
create table actors (
    employer  text  not null,
    actor     uuid  not null,
    token     bytea not null,
    reference uuid,
    primary key (employer, actor),
    unique (employer, token)
);

-- One row a stream that waits for an instant.
create table timers (
    employer    text   not null,
    stream_kind text   not null,
    stream_id   uuid   not null,
    due_at      bigint not null,
    primary key (employer, stream_kind, stream_id)
);
create index timers_due on timers (due_at);

-- How far each read model version and the reactions have come. Locking the row is the lease.
create table checkpoints (
    employer text    not null,
    model    text    not null,
    version  integer not null,
    position bigint  not null,
    stopped  text,
    primary key (employer, model, version)
);

create table api_keys (
    employer   text   not null,
    key_id     text   primary key,
    record     text   not null,
    made_at    bigint not null,
    revoked_at bigint
);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'events are append-only: % is refused', tg_op using errcode = 'restrict_violation';
end $$;
create trigger events_append_only before update or delete on events for each row execute function refuse_change();
create trigger events_no_truncate before truncate on events for each statement execute function refuse_change();

-- One append of everything that waits. Volatile: each statement inside takes a fresh snapshot, so the checks run after
-- the lock. Commands in one call never depend on each other: the appender sees to that.
-- outcome: 0 recorded, 1 repeated command id, 2 receipt exists, 3 stream moved, 4 guard moved, 5 claim held,
--          6 vault key gone, 7 clock behind (one row: last_recorded_at in "position"), 8 employer unknown.
create function append_batch(
    at_recorded bigint,
    c_employer text[], c_id uuid[], c_kind text[], c_stream uuid[], c_expected bigint[], c_events integer[], c_at bigint[],
    r_key bytea[], r_request bytea[], r_status integer[], r_state text[], r_position bigint[],
    t_due bigint[], -- null keeps, -1 clears
    e_cmd integer[], e_ordinal integer[], e_type text[], e_version integer[], e_leaf text[], e_hash bytea[],
    g_cmd integer[], g_kind text[], g_stream uuid[], g_version bigint[],
    k_cmd integer[], k_scope text[], k_key text[], k_holder uuid[], k_until bigint[], k_take boolean[],
    n_cmd integer[], n_key uuid[], n_subject uuid[], n_class text[], n_wrapped bytea[],
    u_cmd integer[], u_key uuid[],
    v_cmd integer[], v_reference uuid[], v_key uuid[], v_subject uuid[], v_class text[], v_sealed bytea[],
    s_cmd integer[], s_scope text[], s_token bytea[], s_owner uuid[], s_subject uuid[],
    l_cmd integer[], l_kind text[], l_id uuid[], l_ordinal integer[],
    x_cmd integer[], x_subject uuid[], x_class text[] -- erase; null class erases all
) returns table (o_cmd integer, o_outcome integer, o_position bigint, o_detail text)
language plpgsql volatile as $$
#variable_conflict use_column
declare
    verdict integer[];
    detail text[];
    last bigint[];
    head_clock bigint;
begin
    perform 1 from log_heads where employer = any (c_employer) order by employer for update;

    select max(last_recorded_at) into head_clock from log_heads where employer = any (c_employer);
    if head_clock > at_recorded then
        return query select 0, 7, head_clock, null::text;
        return;
    end if;

    select array_agg(v.outcome order by v.cmd), array_agg(v.claim order by v.cmd) into verdict, detail
    from (
        select c.cmd,
               held.claim,
               case
                   when not exists (select 1 from log_heads h where h.employer = c.employer) then 8
                   when exists (select 1 from events e where e.employer = c.employer and e.command_id = c.id) then 1
                   when c.rkey is not null
                        and exists (select 1 from receipts r where r.employer = c.employer and r.key = c.rkey) then 2
                   when coalesce((select e.sequence from events e
                                  where e.employer = c.employer and e.stream_kind = c.kind and e.stream_id = c.stream
                                  order by e.sequence desc limit 1), 0) <> c.expected then 3
                   when moved.cmd is not null then 4
                   when held.cmd is not null then 5
                   when gone.cmd is not null then 6
                   else 0
               end as outcome
        from unnest(c_employer, c_id, c_kind, c_stream, c_expected, c_at, r_key)
             with ordinality as c (employer, id, kind, stream, expected, at, rkey, cmd)
        left join (
            select distinct g.cmd
            from unnest(g_cmd, g_kind, g_stream, g_version) as g (cmd, kind, stream, version)
            where coalesce((select e.sequence from events e
                            where e.employer = c_employer[g.cmd] and e.stream_kind = g.kind and e.stream_id = g.stream
                            order by e.sequence desc limit 1), 0) <> g.version
        ) moved on moved.cmd = c.cmd
        left join (
            select distinct on (k.cmd) k.cmd, k.scope as claim
            from unnest(k_cmd, k_scope, k_key, k_holder, k_take) as k (cmd, scope, key, holder, take)
            join claims x on x.employer = c_employer[k.cmd] and x.scope = k.scope and x.key = k.key
            where k.take and x.holder <> k.holder and (x.until is null or x.until > c_at[k.cmd])
            order by k.cmd, k.scope
        ) held on held.cmd = c.cmd
        left join (
            select distinct u.cmd
            from unnest(u_cmd, u_key) as u (cmd, key)
            where not exists (select 1 from vault_keys y where y.employer = c_employer[u.cmd] and y.key_id = u.key)
        ) gone on gone.cmd = c.cmd
    ) v;

    if cardinality(e_cmd) > 0 then
        with placed as materialized (
            select e.*, c_employer[e.cmd] as employer,
                   row_number() over (partition by c_employer[e.cmd] order by e.cmd, e.ordinal) as nth
            from unnest(e_cmd, e_ordinal, e_type, e_version, e_leaf, e_hash) as e (cmd, ordinal, type, version, leaf, hash)
            where verdict[e.cmd] = 0
        ), moved as (
            update log_heads h set position = h.position + p.added, last_recorded_at = at_recorded
            from (select employer, count(*) as added from placed group by employer) p
            where h.employer = p.employer
            returning h.employer, h.position - p.added as base
        ), written as (
            insert into events
            select p.employer, m.base + p.nth, c_kind[p.cmd], c_stream[p.cmd], c_expected[p.cmd] + p.ordinal + 1, p.type,
                   p.version, c_id[p.cmd], p.ordinal, at_recorded, p.leaf::json, p.hash
            from placed p join moved m using (employer)
        ), linked as (
            insert into event_links
            select p.employer, l.kind, l.id, m.base + p.nth
            from unnest(l_cmd, l_kind, l_id, l_ordinal) as l (cmd, kind, id, ordinal)
            join placed p on p.cmd = l.cmd and p.ordinal = l.ordinal
            join moved m using (employer)
            on conflict do nothing
        )
        select array_agg(w.position order by w.cmd) into last
        from (select c.cmd, max(m.base + p.nth) as position
              from generate_subscripts(c_employer, 1) as c (cmd)
              left join placed p on p.cmd = c.cmd
              left join moved m on m.employer = p.employer
              group by c.cmd) w;
    else
        last := array_fill(null::bigint, array[cardinality(c_employer)]);
    end if;

    if cardinality(k_cmd) > 0 then
        delete from claims x
        using unnest(k_cmd, k_scope, k_key, k_holder, k_take) as k (cmd, scope, key, holder, take)
        where verdict[k.cmd] = 0 and not k.take
          and x.employer = c_employer[k.cmd] and x.scope = k.scope and x.key = k.key and x.holder = k.holder;
        insert into claims
        select c_employer[k.cmd], k.scope, k.key, k.holder, k.until
        from unnest(k_cmd, k_scope, k_key, k_holder, k_until, k_take) as k (cmd, scope, key, holder, until, take)
        where verdict[k.cmd] = 0 and k.take
        on conflict (employer, scope, key) do update set holder = excluded.holder, until = excluded.until;
    end if;

    insert into receipts
    select c.employer, c.rkey, c.request, c.status, c.kind, c.stream, c.expected + c.events,
           coalesce(last[c.cmd], c.position), c.state, at_recorded
    from unnest(c_employer, c_kind, c_stream, c_expected, c_events, r_key, r_request, r_status, r_state, r_position)
         with ordinality as c (employer, kind, stream, expected, events, rkey, request, status, state, position, cmd)
    where c.rkey is not null and verdict[c.cmd] = 0;

    if cardinality(x_cmd) > 0 then
        delete from vault_keys y using unnest(x_cmd, x_subject, x_class) as x (cmd, subject, class)
        where verdict[x.cmd] = 0 and y.employer = c_employer[x.cmd] and y.subject = x.subject
          and (x.class is null or y.class = x.class);
        delete from vault_values y using unnest(x_cmd, x_subject, x_class) as x (cmd, subject, class)
        where verdict[x.cmd] = 0 and y.employer = c_employer[x.cmd] and y.subject = x.subject
          and (x.class is null or y.class = x.class);
        delete from vault_tokens y using unnest(x_cmd, x_subject, x_class) as x (cmd, subject, class)
        where verdict[x.cmd] = 0 and y.employer = c_employer[x.cmd] and y.subject = x.subject;
    end if;

    if cardinality(n_cmd) > 0 then
        insert into vault_keys
        select c_employer[n.cmd], n.key, n.subject, n.class, n.wrapped
        from unnest(n_cmd, n_key, n_subject, n_class, n_wrapped) as n (cmd, key, subject, class, wrapped)
        where verdict[n.cmd] = 0;
    end if;
    if cardinality(v_cmd) > 0 then
        insert into vault_values
        select c_employer[v.cmd], v.reference, v.key, v.subject, v.class, v.sealed
        from unnest(v_cmd, v_reference, v_key, v_subject, v_class, v_sealed) as v (cmd, reference, key, subject, class, sealed)
        where verdict[v.cmd] = 0;
    end if;
    if cardinality(s_cmd) > 0 then
        insert into vault_tokens
        select c_employer[s.cmd], s.scope, s.token, s.owner, s.subject
        from unnest(s_cmd, s_scope, s_token, s_owner, s_subject) as s (cmd, scope, token, owner, subject)
        where verdict[s.cmd] = 0
        on conflict do nothing;
    end if;

    delete from timers x
    using unnest(c_employer, c_kind, c_stream, t_due) with ordinality as c (employer, kind, stream, due, cmd)
    where verdict[c.cmd] = 0 and c.due = -1
      and x.employer = c.employer and x.stream_kind = c.kind and x.stream_id = c.stream;
    insert into timers
    select c.employer, c.kind, c.stream, c.due
    from unnest(c_employer, c_kind, c_stream, t_due) with ordinality as c (employer, kind, stream, due, cmd)
    where verdict[c.cmd] = 0 and c.due >= 0
    on conflict (employer, stream_kind, stream_id) do update set due_at = excluded.due_at;

    return query
    select c.cmd::integer, verdict[c.cmd], last[c.cmd], detail[c.cmd]
    from generate_subscripts(c_employer, 1) as c (cmd);
end $$;

-- The log in the shape that postgres-es reads: for an employer's own cqrs-es services, whose role carries
-- `alter role … set okaeri.employer = '…'`, and for our own reading of single streams.
create view employer_events as
select stream_kind as aggregate_type, stream_id::text as aggregate_id, sequence, event_type,
       event_version::text as event_version, leaf -> 'payload' as payload, leaf -> 'metadata' as metadata
from events
where employer = current_setting('okaeri.employer', true);
