-- Carts, orders with line-level amounts that sum, their timeline, parcels and refunds.

create table trade.cart_lines (
    tenant_id uuid not null,
    member_id uuid not null,
    sku_id uuid not null,
    quantity integer not null constraint cart_lines_quantity_counts check (quantity between 1 and 999),
    added_at timestamptz not null,
    constraint cart_lines_pkey primary key (tenant_id, member_id, sku_id)
);
select kernel.tenant_table('trade.cart_lines');

-- paid_minor is what was received; it stays when money goes back, which refunded_minor counts. What is in
-- escrow for an order is therefore paid - refunded - settled, always.
create table trade.orders (
    tenant_id uuid not null,
    id uuid not null,
    number text not null,
    member_id uuid not null,
    state text not null constraint orders_state_known
        check (state in ('placed', 'paid', 'shipped', 'received', 'settled', 'cancelled')),
    pay_state text not null constraint orders_pay_state_known
        check (pay_state in ('unpaid', 'paid', 'refunding', 'refunded')),
    fulfilment_state text not null constraint orders_fulfilment_state_known
        check (fulfilment_state in ('none', 'shipped', 'received')),
    refund_state text not null constraint orders_refund_state_known check (refund_state in ('none', 'part', 'all')),
    currency char(3) not null,
    goods_minor bigint not null,
    discount_minor bigint not null,
    freight_minor bigint not null,
    payable_minor bigint not null,
    paid_minor bigint not null default 0,
    refunded_minor bigint not null default 0,
    settled_minor bigint not null default 0,
    address jsonb not null,
    remark text not null,
    share_code text,
    attribution jsonb,
    content_hash bytea not null,
    placed_at timestamptz not null,
    expires_at timestamptz not null,
    paid_at timestamptz,
    shipped_at timestamptz,
    auto_receive_at timestamptz,
    received_at timestamptz,
    settle_at timestamptz,
    settled_at timestamptz,
    cancelled_at timestamptz,
    cancel_reason text,
    constraint orders_pkey primary key (tenant_id, id),
    constraint orders_number_once unique (tenant_id, number),
    constraint orders_amounts_sum check (payable_minor = goods_minor - discount_minor + freight_minor),
    constraint orders_amounts_possible check (
        payable_minor >= 0 and discount_minor >= 0 and freight_minor >= 0 and refunded_minor >= 0
        and settled_minor >= 0 and refunded_minor + settled_minor <= paid_minor)
) with (fillfactor = 80);
select kernel.tenant_table('trade.orders');
create index orders_newest on trade.orders (tenant_id, placed_at, id);
create index orders_of_member on trade.orders (tenant_id, member_id, placed_at, id);
-- Placing touches none of these but the first.
create index orders_expiring on trade.orders (tenant_id, expires_at) where state = 'placed';
create index orders_moving on trade.orders (tenant_id, state, placed_at, id) where state <> 'placed';
create index orders_on_the_way on trade.orders (tenant_id, auto_receive_at) where state = 'shipped';
create index orders_to_settle on trade.orders (tenant_id, settle_at) where state = 'received';
create index orders_paid on trade.orders (tenant_id, paid_at) where paid_at is not null;

-- Every reader of money (refund, commission, settlement, invoice) reads the same columns.
create table trade.order_lines (
    tenant_id uuid not null,
    order_id uuid not null,
    position integer not null,
    sku_id uuid not null,
    product_id uuid not null,
    category_id uuid,
    title text not null,
    title_en text not null default '',
    spec_text text not null,
    image_url text,
    quantity integer not null constraint order_lines_quantity_counts check (quantity > 0),
    unit_price_minor bigint not null,
    list_minor bigint not null,
    activity_minor bigint not null,
    member_minor bigint not null,
    full_reduction_minor bigint not null,
    coupon_platform_minor bigint not null,
    coupon_store_minor bigint not null,
    points_minor bigint not null,
    freight_share_minor bigint not null,
    paid_minor bigint not null,
    refunded_minor bigint not null default 0,
    refunded_quantity integer not null default 0,
    cost_minor bigint,
    commission_rate_bp integer,
    constraint order_lines_pkey primary key (tenant_id, order_id, position),
    constraint order_lines_of_order foreign key (tenant_id, order_id) references trade.orders (tenant_id, id),
    constraint order_lines_sum check (
        list_minor = unit_price_minor * quantity
        and paid_minor = list_minor - activity_minor - member_minor - full_reduction_minor
            - coupon_platform_minor - coupon_store_minor - points_minor + freight_share_minor),
    constraint order_lines_possible check (
        paid_minor >= freight_share_minor and freight_share_minor >= 0
        and refunded_minor between 0 and paid_minor and refunded_quantity between 0 and quantity)
) with (fillfactor = 90);
select kernel.tenant_table('trade.order_lines');
create index order_lines_of_product on trade.order_lines (tenant_id, product_id);

-- The timeline. The id is derived where a step can be asked for twice, so it is told once.
create table trade.order_events (
    tenant_id uuid not null,
    order_id uuid not null,
    id uuid not null,
    kind text not null,
    at timestamptz not null,
    actor_kind text not null constraint order_events_actor_known
        check (actor_kind in ('member', 'staff', 'job', 'payment')),
    actor_id uuid,
    reason text not null,
    facts jsonb not null default '{}',
    constraint order_events_pkey primary key (tenant_id, order_id, id),
    constraint order_events_of_order foreign key (tenant_id, order_id) references trade.orders (tenant_id, id)
);
select kernel.tenant_table('trade.order_events');
select kernel.append_only('trade.order_events');

create table trade.parcels (
    tenant_id uuid not null,
    id uuid not null,
    order_id uuid not null,
    courier text not null,
    tracking_no text not null,
    shipped_at timestamptz not null,
    staff_id uuid,
    constraint parcels_pkey primary key (tenant_id, id),
    constraint parcels_of_order foreign key (tenant_id, order_id) references trade.orders (tenant_id, id)
);
select kernel.tenant_table('trade.parcels');
create index parcels_by_order on trade.parcels (tenant_id, order_id);

create table trade.refunds (
    tenant_id uuid not null,
    id uuid not null,
    order_id uuid not null,
    amount_minor bigint not null constraint refunds_move check (amount_minor > 0),
    state text not null constraint refunds_state_known check (state in ('requested', 'succeeded', 'refused')),
    reason text not null,
    actor_kind text not null,
    actor_id uuid,
    requested_at timestamptz not null,
    ended_at timestamptz,
    constraint refunds_pkey primary key (tenant_id, id),
    constraint refunds_of_order foreign key (tenant_id, order_id) references trade.orders (tenant_id, id)
);
select kernel.tenant_table('trade.refunds');
create index refunds_by_order on trade.refunds (tenant_id, order_id);
