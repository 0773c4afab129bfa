-- Read models of what happened, fed by events: one row per paid order, as dashboards ask about it.

create table insight.sales (
    tenant_id uuid not null,
    order_id uuid not null,
    paid_at timestamptz not null,
    member_id uuid not null,
    promoter_id uuid,
    channel text not null check (channel in ('direct', 'relation', 'wechat', 'moments', 'link', 'poster', 'weibo')),
    paid_minor bigint not null check (paid_minor >= 0),
    refunded_minor bigint not null default 0 check (refunded_minor >= 0),
    constraint sales_pkey primary key (tenant_id, order_id)
);
select kernel.tenant_table('insight.sales');
create index sales_paid on insight.sales (tenant_id, paid_at);

-- Orders placed, paid or not: the middle of the way from visit to payment.
create table insight.placed (
    tenant_id uuid not null,
    order_id uuid not null,
    placed_at timestamptz not null,
    constraint placed_pkey primary key (tenant_id, order_id)
);
select kernel.tenant_table('insight.placed');
create index placed_at on insight.placed (tenant_id, placed_at);

-- A refund may be heard of before its payment; amounts are cumulative, so the largest is the truth.
create table insight.refunds (
    tenant_id uuid not null,
    order_id uuid not null,
    refunded_minor bigint not null check (refunded_minor >= 0),
    constraint refunds_pkey primary key (tenant_id, order_id)
);
select kernel.tenant_table('insight.refunds');
