-- Merchants, the people who work for them, what those may do, and a log of what they did that cannot be altered unnoticed.

-- How a shop is found before its tenant is known: by slug, by host, by the short number inside share codes.
create table tenancy.directory (
    slug text not null,
    host text,
    tenant_id uuid not null,
    shop_no integer not null,
    constraint directory_pk primary key (slug),
    constraint directory_host_once unique (host),
    constraint directory_tenant_once unique (tenant_id),
    constraint directory_shop_no_once unique (shop_no),
    constraint directory_shop_no_positive check (shop_no > 0)
);
select kernel.reference_table('tenancy.directory');

-- How a merchant's person is found at sign-in: one login, one shop.
create table tenancy.logins (
    login text not null,
    tenant_id uuid not null,
    staff_id uuid not null,
    constraint logins_pk primary key (login),
    constraint logins_lower check (login = lower(login))
);
select kernel.reference_table('tenancy.logins');

create table tenancy.tenants (
    tenant_id uuid not null,
    slug text not null,
    shop_no integer not null,
    name text not null,
    currency char(3) not null default 'CNY',
    time_zone text not null default 'Asia/Shanghai',
    logo_media_id uuid,
    state text not null default 'active',
    settings jsonb not null default '{}',
    created_at timestamptz not null,
    constraint tenants_pk primary key (tenant_id),
    constraint tenants_state check (state in ('active', 'suspended'))
);
select kernel.tenant_table('tenancy.tenants');

create table tenancy.staff (
    tenant_id uuid not null,
    id uuid not null,
    login text not null,
    name text not null,
    password_hash text not null,
    state text not null default 'active',
    created_at timestamptz not null,
    last_seen_at timestamptz,
    constraint staff_pk primary key (tenant_id, id),
    constraint staff_login_once unique (tenant_id, login),
    constraint staff_login_lower check (login = lower(login)),
    constraint staff_state check (state in ('active', 'disabled')),
    constraint staff_of_tenant foreign key (tenant_id) references tenancy.tenants (tenant_id)
);
select kernel.tenant_table('tenancy.staff');

create table tenancy.roles (
    tenant_id uuid not null,
    key text not null,
    name text not null,
    permissions text[] not null,
    position integer not null default 100,
    constraint roles_pk primary key (tenant_id, key),
    constraint roles_of_tenant foreign key (tenant_id) references tenancy.tenants (tenant_id)
);
select kernel.tenant_table('tenancy.roles');

create table tenancy.staff_roles (
    tenant_id uuid not null,
    staff_id uuid not null,
    role_key text not null,
    constraint staff_roles_pk primary key (tenant_id, staff_id, role_key),
    constraint staff_roles_of_staff foreign key (tenant_id, staff_id) references tenancy.staff (tenant_id, id),
    constraint staff_roles_of_role foreign key (tenant_id, role_key) references tenancy.roles (tenant_id, key)
);
select kernel.tenant_table('tenancy.staff_roles');

create table tenancy.staff_sessions (
    tenant_id uuid not null,
    id uuid not null,
    token_hash bytea not null,
    staff_id uuid not null,
    created_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz,
    ip text not null,
    agent text not null,
    constraint staff_sessions_pk primary key (tenant_id, id),
    constraint staff_sessions_token_once unique (tenant_id, token_hash),
    constraint staff_sessions_of_staff foreign key (tenant_id, staff_id) references tenancy.staff (tenant_id, id)
);
select kernel.tenant_table('tenancy.staff_sessions');
create index staff_sessions_open on tenancy.staff_sessions (tenant_id, staff_id) where ended_at is null;
create index staff_sessions_expiry on tenancy.staff_sessions (expires_at);

-- The end of each tenant's chain; whoever writes the log waits for this row.
create table tenancy.audit_heads (
    tenant_id uuid not null,
    seq bigint not null,
    hash bytea not null,
    constraint audit_heads_pk primary key (tenant_id)
);
select kernel.tenant_table('tenancy.audit_heads');

create table tenancy.audit (
    tenant_id uuid not null,
    at timestamptz not null,
    seq bigint not null,
    id uuid not null,
    actor_kind text not null,
    actor_id uuid,
    actor_name text,
    action text not null,
    subject_type text not null,
    subject_id text not null,
    detail jsonb not null,
    previous_hash bytea not null,
    hash bytea not null,
    constraint audit_pk primary key (tenant_id, at, seq),
    constraint audit_actor_kind check (actor_kind in ('staff', 'member', 'visitor', 'system'))
) partition by range (at);
select kernel.partitioned('tenancy.audit');
select kernel.tenant_table('tenancy.audit');
select kernel.append_only('tenancy.audit');
create index audit_by_seq on tenancy.audit (tenant_id, seq);
