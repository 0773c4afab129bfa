-- How often something was done in a window of time: limits that hold across processes and restarts.
create table kernel.limits (
    tenant_id uuid not null,
    key text not null check (length(key) between 1 and 200),
    time_window bigint not null,
    used integer not null,
    expires_at timestamptz not null,
    primary key (tenant_id, key, time_window)
);
select kernel.tenant_table('kernel.limits');
create index limits_expires_at on kernel.limits (tenant_id, expires_at);
