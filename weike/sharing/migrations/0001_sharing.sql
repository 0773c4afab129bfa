-- Shares (signed links: who, what, channel, parent) and touches (visits through them, evidence that is never changed).

create table sharing.shares (
    tenant_id uuid not null,
    id uuid not null,
    key bytea not null check (length(key) = 8),
    sharer_id uuid not null,
    kind text not null check (kind in ('product', 'shop', 'invite')),
    product_id uuid,
    channel text not null check (channel in ('wechat', 'moments', 'link', 'poster', 'weibo')),
    parent_share_id uuid,
    created_at timestamptz not null,
    constraint shares_pkey primary key (tenant_id, id),
    constraint shares_key unique (tenant_id, key),
    constraint shares_parent foreign key (tenant_id, parent_share_id) references sharing.shares (tenant_id, id),
    constraint shares_product check ((kind = 'product') = (product_id is not null))
);
select kernel.tenant_table('sharing.shares');
create index shares_of_sharer on sharing.shares (tenant_id, sharer_id, created_at desc, id desc);

create table sharing.touches (
    tenant_id uuid not null,
    at timestamptz not null,
    id uuid not null,
    share_id uuid not null,
    visitor_id uuid not null,
    member_id uuid,
    event text not null check (event in ('open', 'sign_in')),
    constraint touches_pkey primary key (tenant_id, at, id),
    constraint touches_share foreign key (tenant_id, share_id) references sharing.shares (tenant_id, id)
) partition by range (at);
select kernel.partitioned('sharing.touches');
select kernel.tenant_table('sharing.touches');
select kernel.append_only('sharing.touches');
create index touches_of_share on sharing.touches (tenant_id, share_id, at);
create index touches_of_member on sharing.touches (tenant_id, member_id, at) where member_id is not null;
