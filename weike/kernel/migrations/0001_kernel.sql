-- The house rules in SQL: the registry of table kinds, tenant tables behind row-level security, the outbox.
-- Every table is declared by one call right after its CREATE TABLE; that call is also the `distribute` step.

create table kernel.tables (
    name text primary key,
    kind text not null check (kind in ('tenant', 'reference', 'control')),
    append_only boolean not null default false
);

create function kernel.current_tenant() returns uuid language sql stable parallel safe as
$$ select nullif(current_setting('app.tenant_id', true), '')::uuid $$;

-- On plain PostgreSQL nothing is distributed; on Citus the table joins the tenants' shards.
create function kernel.distribute(table_name text, as_reference boolean) returns void language plpgsql as
$$
begin
    if exists (select 1 from pg_extension where extname = 'citus') then
        if as_reference then
            execute format('select create_reference_table(%L)', table_name);
        else
            execute format('select create_distributed_table(%L, %L)', table_name, 'tenant_id');
        end if;
    end if;
end
$$;

create function kernel.tenant_table(table_name text) returns void language plpgsql as
$$
begin
    insert into kernel.tables (name, kind) values (table_name, 'tenant');
    execute format('alter table %s enable row level security', table_name);
    execute format('alter table %s force row level security', table_name);
    execute format(
        'create policy of_tenant on %s using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid) '
        'with check (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', table_name);
    execute format('grant select, insert, update, delete on %s to weike_app', table_name);
    execute format('grant select on %s to weike_report', table_name);
    perform kernel.distribute(table_name, false);
end
$$;

create function kernel.append_only(table_name text) returns void language plpgsql as
$$
begin
    update kernel.tables set append_only = true where name = table_name;
    if not found then
        raise exception 'declare % first', table_name;
    end if;
    execute format('revoke update, delete, truncate on %s from weike_app', table_name);
end
$$;

create function kernel.reference_table(table_name text) returns void language plpgsql as
$$
begin
    insert into kernel.tables (name, kind) values (table_name, 'reference');
    execute format('grant select, insert, update, delete on %s to weike_app', table_name);
    execute format('grant select on %s to weike_report', table_name);
    perform kernel.distribute(table_name, true);
end
$$;

create function kernel.control_table(table_name text) returns void language plpgsql as
$$
begin
    insert into kernel.tables (name, kind) values (table_name, 'control');
    execute format('grant select, insert, update, delete on %s to weike_app', table_name);
    execute format('grant select on %s to weike_report', table_name);
end
$$;

-- Time-series tables are cut by month and keep a default partition for times nobody foresaw.
-- The worker makes months ahead by calling this again.
create function kernel.month_partitions(table_name text, first_month date, months integer) returns integer
language plpgsql as
$$
declare
    month date;
    made integer := 0;
    part text;
begin
    for i in 0..months - 1 loop
        month := (date_trunc('month', first_month) + make_interval(months => i))::date;
        part := format('%s_%s', table_name, to_char(month, 'YYYYMM'));
        if to_regclass(part) is null then
            execute format('create table %s partition of %s for values from (%L) to (%L)',
                part, table_name, month, (month + interval '1 month')::date);
            made := made + 1;
        end if;
    end loop;
    return made;
end
$$;

create function kernel.partitioned(table_name text) returns void language plpgsql as
$$
begin
    execute format('create table %s_rest partition of %s default', table_name, table_name);
    perform kernel.month_partitions(table_name, (date_trunc('month', now()) - interval '4 months')::date, 12);
end
$$;

select kernel.control_table('kernel.tables');
revoke insert, update, delete on kernel.tables from weike_app;
insert into kernel.tables (name, kind) values ('kernel.migrations', 'control');
grant select on kernel.migrations to weike_app, weike_report;

-- One row per event and listener. Delivered rows are deleted with their partition, dead ones stay visible.
create table kernel.outbox (
    tenant_id uuid not null,
    at timestamptz not null,
    id uuid not null,
    subscriber text not null,
    topic text not null,
    payload jsonb not null,
    state text not null default 'ready' check (state in ('ready', 'done', 'dead')),
    attempts integer not null default 0,
    next_at timestamptz not null,
    last_error text,
    primary key (tenant_id, at, id)
) partition by range (at);
select kernel.partitioned('kernel.outbox');
select kernel.tenant_table('kernel.outbox');
create index outbox_ready on kernel.outbox (tenant_id, next_at) where state = 'ready';
create index outbox_dead on kernel.outbox (tenant_id, at) where state = 'dead';

-- Answers to writes that carry an Idempotency-Key: the same key again returns the same answer.
create table kernel.answers (
    tenant_id uuid not null,
    principal uuid not null,
    key text not null check (length(key) between 1 and 255),
    route text not null,
    body_hash bytea not null,
    status integer not null,
    body bytea not null,
    at timestamptz not null,
    primary key (tenant_id, principal, key)
);
select kernel.tenant_table('kernel.answers');
create index answers_at on kernel.answers (tenant_id, at);

-- Human-readable numbers: one counter row per tenant and kind (order numbers and the like).
create table kernel.counters (
    tenant_id uuid not null,
    kind text not null,
    value bigint not null,
    primary key (tenant_id, kind)
);
select kernel.tenant_table('kernel.counters');
