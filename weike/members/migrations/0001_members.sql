-- Buyers: who they are by which proof, how they are signed in, where their parcels go. Phone numbers are sealed; a keyed hash finds them.

create table members.members (
    tenant_id uuid not null,
    id uuid not null,
    nickname text not null,
    avatar_url text,
    phone_cipher bytea,
    phone_hash bytea,
    phone_tail text,
    profiling_allowed boolean not null default true,
    state text not null default 'active',
    created_at timestamptz not null,
    constraint members_pk primary key (tenant_id, id),
    constraint members_phone_once unique (tenant_id, phone_hash),
    constraint members_state check (state in ('active', 'blocked')),
    constraint members_phone_whole check (
        (phone_cipher is null) = (phone_hash is null) and (phone_hash is null) = (phone_tail is null))
);
select kernel.tenant_table('members.members');
create index members_newest on members.members (tenant_id, created_at desc, id desc);
create index members_by_tail on members.members (tenant_id, phone_tail);

create table members.identities (
    tenant_id uuid not null,
    provider text not null,
    app_id text not null,
    subject text not null,
    member_id uuid not null,
    created_at timestamptz not null,
    constraint identities_pk primary key (tenant_id, provider, app_id, subject),
    constraint identities_provider check (provider in ('wechat_mini', 'wechat_official', 'wechat_union')),
    constraint identities_of_member foreign key (tenant_id, member_id) references members.members (tenant_id, id)
);
select kernel.tenant_table('members.identities');
create index identities_of on members.identities (tenant_id, member_id);

create table members.sessions (
    tenant_id uuid not null,
    id uuid not null,
    token_hash bytea not null,
    member_id uuid not null,
    created_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz,
    constraint sessions_pk primary key (tenant_id, id),
    constraint sessions_token_once unique (tenant_id, token_hash),
    constraint sessions_of_member foreign key (tenant_id, member_id) references members.members (tenant_id, id)
);
select kernel.tenant_table('members.sessions');
create index sessions_of on members.sessions (tenant_id, member_id);
create index sessions_expiry on members.sessions (expires_at);

-- One living code per phone number; a new one replaces the old one.
create table members.sign_in_codes (
    tenant_id uuid not null,
    phone_hash bytea not null,
    code_hash bytea not null,
    sent_at timestamptz not null,
    expires_at timestamptz not null,
    attempts integer not null default 0,
    used_at timestamptz,
    constraint sign_in_codes_pk primary key (tenant_id, phone_hash)
);
select kernel.tenant_table('members.sign_in_codes');
create index sign_in_codes_expiry on members.sign_in_codes (expires_at);

-- What was handed to a browser that went to WeChat: only that browser may come back with it, once.
create table members.oauth_states (
    tenant_id uuid not null,
    state_hash bytea not null,
    browser_hash bytea not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    constraint oauth_states_pk primary key (tenant_id, state_hash)
);
select kernel.tenant_table('members.oauth_states');
create index oauth_states_expiry on members.oauth_states (expires_at);

create table members.wechat_apps (
    tenant_id uuid not null,
    kind text not null,
    app_id text not null,
    secret_cipher bytea not null,
    updated_at timestamptz not null,
    constraint wechat_apps_pk primary key (tenant_id, kind),
    constraint wechat_apps_kind check (kind in ('mini', 'official'))
);
select kernel.tenant_table('members.wechat_apps');

create table members.addresses (
    tenant_id uuid not null,
    id uuid not null,
    member_id uuid not null,
    name text not null,
    phone_cipher bytea not null,
    phone_tail text not null,
    region_code text not null,
    province text not null,
    city text not null,
    district text not null,
    street text not null,
    is_default boolean not null,
    updated_at timestamptz not null,
    constraint addresses_pk primary key (tenant_id, id),
    constraint addresses_of_member foreign key (tenant_id, member_id) references members.members (tenant_id, id)
);
select kernel.tenant_table('members.addresses');
create unique index addresses_one_default on members.addresses (tenant_id, member_id) where is_default;
create index addresses_of on members.addresses (tenant_id, member_id);
