-- When each job runs next (one worker takes a run), and the upkeep of time-series tables by the application.

create table kernel.job_runs (
    name text primary key,
    next_at timestamptz not null
);
select kernel.control_table('kernel.job_runs');

-- The application owns no table, so it asks for these two, which take no argument that could name another.
create function kernel.make_partitions_ahead() returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as
$$
declare
    table_name text;
    made integer := 0;
begin
    for table_name in
        select t.name from kernel.tables t
        join pg_partitioned_table p on p.partrelid = to_regclass(t.name)
    loop
        made := made + kernel.month_partitions(table_name, now()::date, 7);
    end loop;
    return made;
end
$$;

-- A month of the outbox goes when it is over by a month and everything in it was delivered. The rows are
-- looked for in the partition itself: through the parent, row-level security would hide them.
create function kernel.drop_delivered_outbox() returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as
$$
declare
    part record;
    undelivered boolean;
    dropped integer := 0;
begin
    for part in
        select c.oid::regclass as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'kernel.outbox'::regclass
          and c.relname ~ '^outbox_[0-9]{6}$'
          and to_date(right(c.relname, 6), 'YYYYMM') < date_trunc('month', now()) - interval '1 month'
    loop
        execute format('select exists (select 1 from %s where state <> ''done'')', part.name)
            into undelivered;
        if not undelivered then
            execute format('drop table %s', part.name);
            dropped := dropped + 1;
        end if;
    end loop;
    return dropped;
end
$$;

revoke all on function kernel.make_partitions_ahead(), kernel.drop_delivered_outbox() from public;
grant execute on function kernel.make_partitions_ahead(), kernel.drop_delivered_outbox() to weike_app;
