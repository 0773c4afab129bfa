-- Levels with their thresholds and rights, growth as an append-only journal, where each member stands, tags.

-- Rights are these columns and no others: a level never unlocks a paid distribution right.
create table members.levels (
    tenant_id uuid not null,
    id uuid not null,
    name text not null,
    name_en text not null,
    growth_from integer not null,
    discount_bp integer not null,
    points_bp integer not null,
    free_freight boolean not null,
    note text not null,
    note_en text not null,
    constraint levels_pkey primary key (tenant_id, id),
    constraint levels_sound check (
        growth_from >= 0 and discount_bp between 0 and 9000 and points_bp between 10000 and 100000)
);
select kernel.tenant_table('members.levels');
create unique index levels_one_threshold on members.levels (tenant_id, growth_from);

create table members.level_settings (
    tenant_id uuid not null,
    growth_per_yuan integer not null,
    term_days integer not null,
    constraint level_settings_pkey primary key (tenant_id),
    constraint level_settings_sound check (
        growth_per_yuan between 0 and 100 and term_days between 30 and 3650)
);
select kernel.tenant_table('members.level_settings');

create table members.growth (
    tenant_id uuid not null,
    id uuid not null,
    member_id uuid not null,
    amount integer not null,
    kind text not null,
    source_id uuid not null,
    at timestamptz not null,
    constraint growth_pkey primary key (tenant_id, id),
    constraint growth_kind_known check (kind in ('order', 'refund', 'term')),
    constraint growth_counts check (amount <> 0)
);
select kernel.tenant_table('members.growth');
select kernel.append_only('members.growth');
create index growth_of_member on members.growth (tenant_id, member_id, at);
create index growth_of_source on members.growth (tenant_id, source_id);

-- growth is the sum of the member's journal. Without a row a member has none, and the lowest level.
create table members.standings (
    tenant_id uuid not null,
    member_id uuid not null,
    growth integer not null default 0,
    level_id uuid,
    since timestamptz,
    until timestamptz,
    constraint standings_pkey primary key (tenant_id, member_id),
    constraint standings_growth_counts check (growth >= 0)
);
select kernel.tenant_table('members.standings');
create index standings_until on members.standings (tenant_id, until);
create index standings_level on members.standings (tenant_id, level_id, member_id);

-- A tag is put by hand, or found again every day by its rule.
create table members.tags (
    tenant_id uuid not null,
    id uuid not null,
    name text not null,
    rule jsonb,
    created_at timestamptz not null,
    refreshed_at timestamptz,
    constraint tags_pkey primary key (tenant_id, id),
    constraint tags_name_once unique (tenant_id, name)
);
select kernel.tenant_table('members.tags');

create table members.tagged (
    tenant_id uuid not null,
    tag_id uuid not null,
    member_id uuid not null,
    at timestamptz not null,
    constraint tagged_pkey primary key (tenant_id, tag_id, member_id),
    constraint tagged_with foreign key (tenant_id, tag_id) references members.tags (tenant_id, id),
    constraint tagged_member foreign key (tenant_id, member_id) references members.members (tenant_id, id)
);
select kernel.tenant_table('members.tagged');
create index tagged_of_member on members.tagged (tenant_id, member_id);
