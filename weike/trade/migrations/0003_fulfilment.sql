-- How goods reach buyers: parcels by piece, their journeys, pick-up, card keys, and what WeChat is told.

-- Who receives an order, as columns of their own: under row-level security no index on an expression of
-- the address would be used. They follow the address when it changes.
alter table trade.orders
    drop constraint orders_fulfilment_state_known,
    add constraint orders_fulfilment_state_known
        check (fulfilment_state in ('none', 'part', 'ready', 'shipped', 'received')),
    add column paid_by text,
    add column receiver_name text generated always as (address ->> 'name') stored,
    add column receiver_tail text generated always as (address ->> 'phone_tail') stored;
-- Placing touches none of these.
create index orders_by_receiver on trade.orders (tenant_id, receiver_name, placed_at) where state <> 'placed';
create index orders_by_tail on trade.orders (tenant_id, receiver_tail, placed_at) where state <> 'placed';

-- How earlier orders were paid.
alter table trade.orders no force row level security;
alter table payment.intents no force row level security;
update trade.orders o set paid_by = 'wechat'
from payment.intents i
where i.tenant_id = o.tenant_id and i.order_id = o.id and i.state = 'paid' and o.paid_at is not null;
update trade.orders o set paid_by = 'free' where o.paid_by is null and o.paid_at is not null and o.payable_minor = 0;
alter table trade.orders force row level security;
alter table payment.intents force row level security;

-- A parcel is whatever is handed over at once: with a courier, at a pick-up point, by a note, as keys.
alter table trade.parcels
    alter column courier set default '',
    alter column tracking_no set default '',
    add column kind text not null default 'express'
        constraint parcels_kind_known check (kind in ('express', 'pickup', 'virtual', 'card_key')),
    add column state text not null default 'created' constraint parcels_state_known check (state in (
        'created', 'collected', 'in_transit', 'out_for_delivery', 'signed', 'problem', 'returning', 'returned')),
    add column state_at timestamptz,
    add column note text not null default '',
    add constraint parcels_tracked check ((kind = 'express') = (tracking_no <> ''));
create index parcels_by_tracking on trade.parcels (tenant_id, tracking_no) where kind = 'express';

create table trade.parcel_lines (
    tenant_id uuid not null,
    parcel_id uuid not null,
    position integer not null,
    order_id uuid not null,
    quantity integer not null constraint parcel_lines_quantity_counts check (quantity > 0),
    constraint parcel_lines_pkey primary key (tenant_id, parcel_id, position),
    constraint parcel_lines_of_parcel foreign key (tenant_id, parcel_id) references trade.parcels (tenant_id, id),
    constraint parcel_lines_of_line foreign key (tenant_id, order_id, position)
        references trade.order_lines (tenant_id, order_id, position)
);
select kernel.tenant_table('trade.parcel_lines');
create index parcel_lines_by_order on trade.parcel_lines (tenant_id, order_id);

-- Until now one parcel held the whole order.
alter table trade.parcels no force row level security;
alter table trade.order_lines no force row level security;
alter table trade.parcel_lines no force row level security;
insert into trade.parcel_lines (tenant_id, parcel_id, position, order_id, quantity)
select p.tenant_id, p.id, l.position, p.order_id, l.quantity
from trade.parcels p
join trade.order_lines l on l.tenant_id = p.tenant_id and l.order_id = p.order_id;
alter table trade.parcels force row level security;
alter table trade.order_lines force row level security;
alter table trade.parcel_lines force row level security;

-- Numbers that were wrong.
create table trade.parcel_corrections (
    tenant_id uuid not null,
    parcel_id uuid not null,
    id uuid not null,
    courier text not null,
    tracking_no text not null,
    staff_id uuid,
    at timestamptz not null,
    constraint parcel_corrections_pkey primary key (tenant_id, parcel_id, id),
    constraint parcel_corrections_of_parcel foreign key (tenant_id, parcel_id)
        references trade.parcels (tenant_id, id)
);
select kernel.tenant_table('trade.parcel_corrections');
select kernel.append_only('trade.parcel_corrections');

-- What couriers say. The id is derived from the content: being told again is no second event.
create table trade.tracking_events (
    tenant_id uuid not null,
    parcel_id uuid not null,
    id uuid not null,
    tracking_no text not null,
    at timestamptz not null,
    state text not null,
    text text not null,
    place text not null,
    heard_at timestamptz not null,
    constraint tracking_events_pkey primary key (tenant_id, parcel_id, id),
    constraint tracking_events_of_parcel foreign key (tenant_id, parcel_id) references trade.parcels (tenant_id, id)
);
select kernel.tenant_table('trade.tracking_events');
select kernel.append_only('trade.tracking_events');

-- One wish to be told of one number. asked -> following | refused | unknown; following -> ended.
create table trade.tracking_wishes (
    tenant_id uuid not null,
    id uuid not null,
    parcel_id uuid not null,
    courier text not null,
    tracking_no text not null,
    state text not null constraint tracking_wishes_state_known
        check (state in ('asked', 'following', 'refused', 'unknown', 'ended')),
    last_code text,
    asked_at timestamptz not null,
    heard_at timestamptz,
    query_at timestamptz,
    constraint tracking_wishes_pkey primary key (tenant_id, id),
    constraint tracking_wishes_of_parcel foreign key (tenant_id, parcel_id) references trade.parcels (tenant_id, id)
);
select kernel.tenant_table('trade.tracking_wishes');
create index tracking_wishes_due on trade.tracking_wishes (tenant_id, query_at) where query_at is not null;

create table trade.tracking_accounts (
    tenant_id uuid not null,
    provider text not null constraint tracking_accounts_provider_known check (provider in ('kuaidi100')),
    customer text not null,
    key_cipher bytea not null,
    is_on boolean not null,
    updated_at timestamptz not null,
    constraint tracking_accounts_pkey primary key (tenant_id, provider)
);
select kernel.tenant_table('trade.tracking_accounts');

create table trade.pickup_points (
    tenant_id uuid not null,
    id uuid not null,
    name text not null,
    region_code text not null,
    province text not null,
    city text not null,
    district text not null,
    street text not null,
    hours text not null,
    phone text not null,
    is_on boolean not null,
    position integer not null default 0,
    updated_at timestamptz not null,
    constraint pickup_points_pkey primary key (tenant_id, id)
);
select kernel.tenant_table('trade.pickup_points');

-- A code is found by its keyed hash and shown to its buyer from its sealed form; used once.
create table trade.pickup_codes (
    tenant_id uuid not null,
    order_id uuid not null,
    code_hash bytea not null,
    code_cipher bytea not null,
    ready_at timestamptz not null,
    used_at timestamptz,
    used_by uuid,
    constraint pickup_codes_pkey primary key (tenant_id, order_id),
    constraint pickup_codes_hash_once unique (tenant_id, code_hash),
    constraint pickup_codes_of_order foreign key (tenant_id, order_id) references trade.orders (tenant_id, id)
);
select kernel.tenant_table('trade.pickup_codes');

-- free -> given (once, for ever) | withdrawn. The hash keeps one key from being sold twice.
create table trade.card_keys (
    tenant_id uuid not null,
    id uuid not null,
    sku_id uuid not null,
    batch_id uuid not null,
    key_hash bytea not null,
    key_cipher bytea not null,
    state text not null default 'free' constraint card_keys_state_known
        check (state in ('free', 'given', 'withdrawn')),
    order_id uuid,
    position integer,
    given_at timestamptz,
    uploaded_at timestamptz not null,
    constraint card_keys_pkey primary key (tenant_id, id),
    constraint card_keys_once unique (tenant_id, sku_id, key_hash),
    constraint card_keys_given_to_somebody
        check ((state = 'given') = (order_id is not null and position is not null and given_at is not null))
) with (fillfactor = 90);
select kernel.tenant_table('trade.card_keys');
create index card_keys_free on trade.card_keys (tenant_id, sku_id, id) where state = 'free';
create index card_keys_of_order on trade.card_keys (tenant_id, order_id) where order_id is not null;
create index card_keys_of_batch on trade.card_keys (tenant_id, sku_id, batch_id);

-- What WeChat was told of an order's shipping (发货信息管理).
create table trade.shipping_reports (
    tenant_id uuid not null,
    order_id uuid not null,
    state text not null constraint shipping_reports_state_known check (state in ('ok', 'refused', 'unknown')),
    content_hash bytea not null,
    is_all boolean not null,
    told integer not null,
    corrected integer not null default 0,
    last_code text,
    told_at timestamptz not null,
    constraint shipping_reports_pkey primary key (tenant_id, order_id),
    constraint shipping_reports_of_order foreign key (tenant_id, order_id) references trade.orders (tenant_id, id)
);
select kernel.tenant_table('trade.shipping_reports');
