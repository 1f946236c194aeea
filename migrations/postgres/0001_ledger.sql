-- The ledger: everything durable. One log an employer; every row carries its employer.
-- Instants are microseconds since 1970-01-01 UTC, so that both stores compare them alike.
-- A key that is always asked for whole begins with the column that tells rows apart soonest: most comparisons end there.

create table ledger_meta (
    key   text primary key,
    value text not null
);

create table employers (
    employer text collate "C" primary key,
    settings text   not null,
    made_at  bigint not null
);

-- One row an employer. Whoever appends locks it first: positions are gapless and equal to commit order.
create table log_heads (
    employer         text collate "C" primary key references employers,
    position         bigint not null default 0,
    last_recorded_at bigint not null default 0
);

create table events (
    employer      text collate "C"    not null,
    position      bigint  not null,
    stream_kind   text collate "C"    not null,
    stream_id     uuid    not null,
    sequence      bigint  not null,
    event_type    text    not null,
    event_version integer not null,
    command_id    uuid    not null,
    ordinal       integer not null,
    recorded_at   bigint  not null,
    person        uuid, -- whom it is about
    leaf          text    not null, -- canonical JSON (RFC 8785), exactly as hashed
    leaf_hash     bytea   not null, -- SHA-256(0x00 ‖ leaf), the RFC 9162 leaf
    primary key (employer, position),
    unique (stream_id, employer, stream_kind, sequence), -- an id alone leads to its stream
    unique (command_id, ordinal, employer)
);

create index events_person on events (person, employer, position) where person is not null;

create table claims (
    employer text collate "C"   not null,
    scope    text collate "C"   not null,
    key      text collate "C"   not null,
    holder   uuid   not null,
    until    bigint,
    primary key (key, scope, employer)
);

create table receipts (
    employer    text collate "C"    not null,
    key         bytea   not null,
    request     bytea   not null,
    status      integer not null,
    stream_kind text    not null,
    stream_id   uuid    not null,
    version     bigint  not null,
    position    bigint  not null,
    state       text    not null,
    made_at     bigint  not null,
    primary key (key, employer)
);
-- They are made in this order, so that the old ones lie together.
create index receipts_made_at on receipts using brin (made_at);

create table vault_keys (
    employer text collate "C"  not null,
    key_id   uuid  not null,
    subject  uuid  not null,
    class    text collate "C"  not null,
    wrapped  bytea not null,
    primary key (subject, employer, class, key_id)
);

create table vault_values (
    employer  text collate "C"  not null,
    reference uuid  not null,
    key_id    uuid  not null,
    subject   uuid  not null,
    class     text collate "C"  not null,
    sealed    bytea not null,
    primary key (reference, employer) -- the references of one person lie together
);

-- Keyed tokens (HMAC) of folded values: search, matching, look-up by code. Deleted with the person.
create table vault_tokens (
    employer text collate "C"  not null,
    scope    text collate "C"  not null,
    token    bytea not null,
    owner    uuid  not null,
    subject  uuid  not null,
    primary key (token, scope, employer, owner)
);
create index vault_tokens_subject on vault_tokens (subject, employer);
create index vault_tokens_owner on vault_tokens (owner, employer, scope);

-- Callers are random ids; who they are is sealed like any personal data.
create table actors (
    employer  text collate "C"  not null,
    actor     uuid  not null,
    token     bytea not null,
    reference uuid,
    primary key (employer, actor),
    unique (employer, token)
);

-- One row a stream that waits for an instant.
create table timers (
    employer    text collate "C"   not null,
    stream_kind text collate "C"   not null,
    stream_id   uuid   not null,
    due_at      bigint not null,
    primary key (stream_id, stream_kind, employer)
);
create index timers_due on timers (due_at);

-- How far each read model version and the reactions have come. Locking the row is the lease.
create table checkpoints (
    employer text collate "C"    not null,
    model    text collate "C"    not null,
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

-- Records everything that waits. The heads are locked first, by their update, so that whatever is checked afterwards is
-- checked by a snapshot that cannot be overtaken. A command that cannot be recorded makes all of it fail, by a unique key
-- or by errcode OK001: then nothing is written, and the appender asks check_batch which one it was. Commands in one call
-- never depend on each other: the appender sees to that. h_: the employers; x_head counts them from 1. x_nth: the event's
-- place among those of its employer. What there is none of is not passed. Answers the position of each employer before.
create function append_batch(
    at_recorded bigint, at_issued bigint, -- the earliest instant at which one of the commands was issued
    h_employer text[], h_events bigint[],
    -- events
    e_head integer[] = null, e_nth bigint[] = null, e_kind text[] = null, e_stream uuid[] = null,
    e_sequence bigint[] = null, e_type text[] = null, e_version integer[] = null, e_command uuid[] = null,
    e_ordinal integer[] = null, e_person uuid[] = null, e_leaf text[] = null, e_hash bytea[] = null,
    -- guards
    g_head integer[] = null, g_kind text[] = null, g_stream uuid[] = null, g_version bigint[] = null,
    -- claims released
    f_head integer[] = null, f_scope text[] = null, f_key text[] = null, f_holder uuid[] = null,
    -- claims taken
    k_head integer[] = null, k_scope text[] = null, k_key text[] = null, k_holder uuid[] = null,
    k_until bigint[] = null,
    -- receipts; nth of the last event, or else a position
    r_head integer[] = null, r_key bytea[] = null, r_request bytea[] = null, r_status integer[] = null,
    r_kind text[] = null, r_stream uuid[] = null, r_version bigint[] = null, r_nth bigint[] = null,
    r_position bigint[] = null, r_state text[] = null,
    -- new keys
    n_head integer[] = null, n_key uuid[] = null, n_subject uuid[] = null, n_class text[] = null,
    n_wrapped bytea[] = null,
    -- keys relied on
    u_head integer[] = null, u_key uuid[] = null, u_subject uuid[] = null, u_class text[] = null,
    -- sealed values
    v_head integer[] = null, v_reference uuid[] = null, v_key uuid[] = null, v_subject uuid[] = null,
    v_class text[] = null, v_sealed bytea[] = null,
    -- search tokens
    s_head integer[] = null, s_scope text[] = null, s_token bytea[] = null, s_owner uuid[] = null,
    s_subject uuid[] = null,
    -- erased: a null class erases all; between first and last lie the references of the subject's values
    x_head integer[] = null, x_subject uuid[] = null, x_class text[] = null, x_first uuid[] = null,
    x_last uuid[] = null,
    -- timers cleared
    c_head integer[] = null, c_kind text[] = null, c_stream uuid[] = null,
    -- timers set
    t_head integer[] = null, t_kind text[] = null, t_stream uuid[] = null, t_due bigint[] = null,
    -- timers of streams that begin
    b_head integer[] = null, b_kind text[] = null, b_stream uuid[] = null, b_due bigint[] = null
) returns bigint[]
language plpgsql volatile as $$
#variable_conflict use_column
declare
    base bigint[];
    counted bigint;
begin
    if cardinality(h_employer) = 1 then
        update log_heads set position = position + h_events[1], last_recorded_at = at_recorded
        where employer = h_employer[1] and last_recorded_at <= at_recorded
        returning array[position - h_events[1]] into base;
    else
        perform 1 from log_heads where employer = any (h_employer) order by employer for update;
        with moved as (
            update log_heads h set position = h.position + a.events, last_recorded_at = at_recorded
            from unnest(h_employer, h_events) with ordinality as a (employer, events, nth)
            where h.employer = a.employer and h.last_recorded_at <= at_recorded
            returning a.nth, h.position - a.events as before
        )
        select array_agg(before order by nth) into base from moved;
    end if;
    if base is null or cardinality(base) <> cardinality(h_employer) then
        raise exception 'an employer is unknown, or the clock is behind' using errcode = 'OK001';
    end if;

    -- One condition inside the other: a condition that holds a query is planned and started even where it is not needed.
    if cardinality(g_head) > 0 then
        if exists (
            select 1 from unnest(g_head, g_kind, g_stream, g_version) as g (head, kind, stream, version)
            where coalesce((select e.sequence from events e
                            where e.employer = h_employer[g.head] and e.stream_kind = g.kind and e.stream_id = g.stream
                            order by e.sequence desc limit 1), 0) <> g.version
        ) then
            raise exception 'a guard has moved' using errcode = 'OK001';
        end if;
    end if;
    if cardinality(u_head) > 0 then
        if exists (
            select 1 from unnest(u_head, u_key, u_subject, u_class) as u (head, key, subject, class)
            where not exists (select 1 from vault_keys y where y.employer = h_employer[u.head] and y.subject = u.subject
                              and y.class = u.class and y.key_id = u.key)
        ) then
            raise exception 'a key is gone' using errcode = 'OK001';
        end if;
    end if;

    if cardinality(e_head) > 0 then
        insert into events
        select h_employer[e_head[i]], base[e_head[i]] + e_nth[i], e_kind[i], e_stream[i], e_sequence[i], e_type[i], e_version[i], e_command[i],
               e_ordinal[i], at_recorded, e_person[i], e_leaf[i], e_hash[i]
        from generate_series(1, cardinality(e_head)) as i;
    end if;

    if cardinality(f_head) > 0 then
        delete from claims x using unnest(f_head, f_scope, f_key, f_holder) as f (head, scope, key, holder)
        where x.employer = h_employer[f.head] and x.scope = f.scope and x.key = f.key and x.holder = f.holder;
    end if;
    if cardinality(k_head) > 0 then
        insert into claims as c
        select h_employer[k_head[i]], k_scope[i], k_key[i], k_holder[i], k_until[i]
        from generate_series(1, cardinality(k_head)) as i
        on conflict (employer, scope, key) do update set holder = excluded.holder, until = excluded.until
        where c.holder = excluded.holder or c.until <= at_issued;
        get diagnostics counted = row_count;
        if counted < cardinality(k_head) then
            raise exception 'a claim is held' using errcode = 'OK001';
        end if;
    end if;

    if cardinality(r_head) > 0 then
        insert into receipts
        select h_employer[r_head[i]], r_key[i], r_request[i], r_status[i], r_kind[i], r_stream[i], r_version[i],
               coalesce(base[r_head[i]] + r_nth[i], r_position[i]), r_state[i], at_recorded
        from generate_series(1, cardinality(r_head)) as i;
    end if;

    if cardinality(x_head) > 0 then
        delete from vault_keys y using unnest(x_head, x_subject, x_class) as x (head, subject, class)
        where y.employer = h_employer[x.head] and y.subject = x.subject and (x.class is null or y.class = x.class);
        delete from vault_values y using unnest(x_head, x_subject, x_class, x_first, x_last) as x (head, subject, class, first, last)
        where y.employer = h_employer[x.head] and y.reference between x.first and x.last and y.subject = x.subject
          and (x.class is null or y.class = x.class);
        delete from vault_tokens y using unnest(x_head, x_subject, x_class) as x (head, subject, class)
        where y.employer = h_employer[x.head] and y.subject = x.subject;
    end if;
    if cardinality(n_head) > 0 then
        insert into vault_keys
        select h_employer[n_head[i]], n_key[i], n_subject[i], n_class[i], n_wrapped[i]
        from generate_series(1, cardinality(n_head)) as i;
    end if;
    if cardinality(v_head) > 0 then
        insert into vault_values
        select h_employer[v_head[i]], v_reference[i], v_key[i], v_subject[i], v_class[i], v_sealed[i]
        from generate_series(1, cardinality(v_head)) as i;
    end if;
    if cardinality(s_head) > 0 then
        insert into vault_tokens
        select h_employer[s_head[i]], s_scope[i], s_token[i], s_owner[i], s_subject[i]
        from generate_series(1, cardinality(s_head)) as i
        on conflict do nothing;
    end if;

    if cardinality(c_head) > 0 then
        delete from timers x using unnest(c_head, c_kind, c_stream) as c (head, kind, stream)
        where x.employer = h_employer[c.head] and x.stream_kind = c.kind and x.stream_id = c.stream;
    end if;
    if cardinality(t_head) > 0 then
        insert into timers
        select h_employer[t_head[i]], t_kind[i], t_stream[i], t_due[i]
        from generate_series(1, cardinality(t_head)) as i
        on conflict (employer, stream_kind, stream_id) do update set due_at = excluded.due_at;
    end if;
    if cardinality(b_head) > 0 then
        insert into timers
        select h_employer[b_head[i]], b_kind[i], b_stream[i], b_due[i]
        from generate_series(1, cardinality(b_head)) as i;
    end if;
    return base;
end $$;

-- Why the commands of a batch could not be recorded, each by itself. Locks the heads, so that what it says still holds when
-- the rest is appended in the same transaction. Volatile: each statement inside takes a fresh snapshot.
-- outcome: 0 can be recorded, 1 repeated command id, 2 receipt exists, 3 stream moved, 4 guard moved, 5 claim held,
--          6 vault key gone, 7 clock behind (one row: last_recorded_at in o_clock), 8 employer unknown.
create function check_batch(
    at_recorded bigint,
    c_employer text[], c_id uuid[], c_kind text[], c_stream uuid[], c_expected bigint[], c_at bigint[], c_receipt bytea[],
    g_cmd integer[], g_kind text[], g_stream uuid[], g_version bigint[],
    k_cmd integer[], k_scope text[], k_key text[], k_holder uuid[],
    u_cmd integer[], u_key uuid[], u_subject uuid[], u_class text[]
) returns table (o_cmd integer, o_outcome integer, o_clock bigint, o_detail text)
language plpgsql volatile as $$
#variable_conflict use_column
declare
    head_clock bigint;
begin
    perform 1 from log_heads where employer = any (c_employer) order by employer for update;
    select max(last_recorded_at) into head_clock from log_heads where employer = any (c_employer);
    if head_clock > at_recorded then
        return query select 0, 7, head_clock, null::text;
        return;
    end if;
    return query
    select c.cmd::integer,
           case
               when not exists (select 1 from log_heads h where h.employer = c.employer) then 8
               when exists (select 1 from events e where e.employer = c.employer and e.command_id = c.id) then 1
               when c.receipt is not null
                    and exists (select 1 from receipts r where r.employer = c.employer and r.key = c.receipt) then 2
               when coalesce((select e.sequence from events e
                              where e.employer = c.employer and e.stream_kind = c.kind and e.stream_id = c.stream
                              order by e.sequence desc limit 1), 0) <> c.expected then 3
               when moved.cmd is not null then 4
               when held.cmd is not null then 5
               when gone.cmd is not null then 6
               else 0
           end,
           null::bigint,
           held.claim
    from unnest(c_employer, c_id, c_kind, c_stream, c_expected, c_receipt)
         with ordinality as c (employer, id, kind, stream, expected, receipt, cmd)
    left join (
        select distinct g.cmd
        from unnest(g_cmd, g_kind, g_stream, g_version) as g (cmd, kind, stream, version)
        where coalesce((select e.sequence from events e
                        where e.employer = c_employer[g.cmd] and e.stream_kind = g.kind and e.stream_id = g.stream
                        order by e.sequence desc limit 1), 0) <> g.version
    ) moved on moved.cmd = c.cmd
    left join (
        select distinct on (k.cmd) k.cmd, k.scope as claim
        from unnest(k_cmd, k_scope, k_key, k_holder) as k (cmd, scope, key, holder)
        join claims x on x.employer = c_employer[k.cmd] and x.scope = k.scope and x.key = k.key
        where x.holder <> k.holder and (x.until is null or x.until > c_at[k.cmd])
        order by k.cmd, k.scope
    ) held on held.cmd = c.cmd
    left join (
        select distinct u.cmd
        from unnest(u_cmd, u_key, u_subject, u_class) as u (cmd, key, subject, class)
        where not exists (select 1 from vault_keys y where y.employer = c_employer[u.cmd] and y.subject = u.subject
                          and y.class = u.class and y.key_id = u.key)
    ) gone on gone.cmd = c.cmd
    order by c.cmd;
end $$;

-- The log in the shape that postgres-es reads: for an employer's own cqrs-es services, whose role carries
-- `alter role … set okaeri.employer = '…'`, and for our own reading of single streams. Ids are text there, so a stream is
-- found by its first event, which alone is indexed by the text of its id.
create index events_streams on events ((stream_id::text) collate "C") where sequence = 1;
create view employer_events as
select e.stream_kind as aggregate_type, f.stream_id::text collate "C" as aggregate_id, e.sequence, e.event_type,
       e.event_version::text as event_version, e.leaf::json -> 'payload' as payload,
       e.leaf::json -> 'metadata' as metadata
from events f
join events e on e.employer = f.employer and e.stream_kind = f.stream_kind and e.stream_id = f.stream_id
where f.sequence = 1 and f.employer = current_setting('okaeri.employer', true);
