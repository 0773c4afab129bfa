-- After-sale cases, and refunds by line: any number per order, in parts that sum exactly.

alter table trade.orders
    -- Asked for and not ended; when it is all that is left, pay_state says 'refunding'.
    add column refunding_minor bigint not null default 0,
    -- Since when the clocks of receipt and settlement stand still; null while no case is open.
    add column after_sale_since timestamptz,
    add constraint orders_refunding_possible
        check (refunding_minor >= 0 and refunded_minor + refunding_minor + settled_minor <= paid_minor);

alter table trade.order_lines
    add column refunded_freight_minor bigint not null default 0,
    add column refunding_minor bigint not null default 0,
    add column refunding_freight_minor bigint not null default 0,
    add column refunding_quantity integer not null default 0,
    -- Pieces that will not be shipped: refunded, being refunded, or asked for, before they left.
    add column called_off_quantity integer not null default 0,
    add constraint order_lines_refunding_possible check (
        refunding_minor >= 0 and refunded_minor + refunding_minor <= paid_minor
        and refunding_quantity >= 0 and refunded_quantity + refunding_quantity <= quantity
        and refunded_freight_minor >= 0 and refunding_freight_minor >= 0
        and refunded_freight_minor + refunding_freight_minor <= freight_share_minor
        and called_off_quantity between 0 and quantity);

alter table trade.refunds
    -- The part of it that was settled already and came back from the merchant.
    add column covered_minor bigint not null default 0
        constraint refunds_covered check (covered_minor between 0 and amount_minor);

-- Refunds asked for before this migration have no lines: they give back everything.
create table trade.refund_lines (
    tenant_id uuid not null,
    refund_id uuid not null,
    position integer not null,
    order_id uuid not null,
    quantity integer not null constraint refund_lines_quantity_counts check (quantity >= 0),
    -- Of these pieces: how many had not been shipped and go back to the shelf.
    unshipped_quantity integer not null,
    goods_minor bigint not null,
    freight_minor bigint not null,
    constraint refund_lines_pkey primary key (tenant_id, refund_id, position),
    constraint refund_lines_possible check (
        unshipped_quantity between 0 and quantity and goods_minor >= 0 and freight_minor >= 0),
    constraint refund_lines_of_refund foreign key (tenant_id, refund_id) references trade.refunds (tenant_id, id),
    constraint refund_lines_of_line foreign key (tenant_id, order_id, position)
        references trade.order_lines (tenant_id, order_id, position)
);
select kernel.tenant_table('trade.refund_lines');

create table trade.after_sales (
    tenant_id uuid not null,
    id uuid not null,
    number text not null,
    order_id uuid not null,
    member_id uuid not null,
    kind text not null constraint after_sales_kind_known
        check (kind in ('refund_only', 'return', 'exchange', 'price_difference')),
    state text not null constraint after_sales_state_known check (state in (
        'asked', 'agreed', 'sent_back', 'received', 'replaced', 'refunding', 'appealed',
        'done', 'declined', 'refused_on_receipt', 'withdrawn', 'expired', 'dismissed')),
    -- Where the merchant stopped it: an appeal that succeeds goes on from there.
    stopped_at text,
    is_open boolean not null,
    in_sale boolean not null,
    reason_code text not null,
    remark text not null,
    currency char(3) not null,
    asked_minor bigint not null,
    -- What will come back; the freight in it is what goes beyond the goods of the lines.
    amount_minor bigint not null constraint after_sales_amount_counts check (amount_minor >= 0),
    most_minor bigint not null,
    -- When time moves it, or ends the buyer's right to appeal.
    deadline_at timestamptz,
    return_to jsonb,
    return_courier text,
    return_tracking_no text,
    replacement_sku_id uuid,
    replacement_courier text,
    replacement_tracking_no text,
    refund_id uuid,
    refund_attempts integer not null default 0,
    content_hash bytea not null,
    opened_by_kind text not null,
    opened_by_id uuid,
    opened_at timestamptz not null,
    closed_at timestamptz,
    updated_at timestamptz not null,
    constraint after_sales_pkey primary key (tenant_id, id),
    constraint after_sales_number_once unique (tenant_id, number),
    constraint after_sales_amount_bounded check (amount_minor <= most_minor and asked_minor <= most_minor),
    constraint after_sales_of_order foreign key (tenant_id, order_id) references trade.orders (tenant_id, id)
) with (fillfactor = 80);
select kernel.tenant_table('trade.after_sales');
create index after_sales_newest on trade.after_sales (tenant_id, opened_at, id);
create index after_sales_of_member on trade.after_sales (tenant_id, member_id, opened_at, id);
create index after_sales_by_order on trade.after_sales (tenant_id, order_id);
create index after_sales_due on trade.after_sales (tenant_id, deadline_at)
    where deadline_at is not null and is_open;
create index after_sales_by_refund on trade.after_sales (tenant_id, refund_id) where refund_id is not null;

create table trade.after_sale_lines (
    tenant_id uuid not null,
    after_sale_id uuid not null,
    position integer not null,
    order_id uuid not null,
    quantity integer not null constraint after_sale_lines_quantity_counts check (quantity >= 0),
    unshipped_quantity integer not null,
    -- Of the pieces that came back, how many can be sold again; null until somebody has looked.
    resaleable_quantity integer,
    is_open boolean not null,
    constraint after_sale_lines_pkey primary key (tenant_id, after_sale_id, position),
    constraint after_sale_lines_possible check (
        unshipped_quantity between 0 and quantity
        and (resaleable_quantity is null or resaleable_quantity between 0 and quantity)),
    constraint after_sale_lines_of_case foreign key (tenant_id, after_sale_id)
        references trade.after_sales (tenant_id, id),
    constraint after_sale_lines_of_line foreign key (tenant_id, order_id, position)
        references trade.order_lines (tenant_id, order_id, position)
);
select kernel.tenant_table('trade.after_sale_lines');
-- A line is in one open case at most, whoever asks at the same moment.
create unique index after_sale_lines_one_open on trade.after_sale_lines (tenant_id, order_id, position)
    where is_open;

-- What happened to a case, and what both sides brought forward. Never changed.
create table trade.after_sale_events (
    tenant_id uuid not null,
    after_sale_id uuid not null,
    nth integer not null,
    kind text not null,
    at timestamptz not null,
    actor_kind text not null constraint after_sale_events_actor_known
        check (actor_kind in ('member', 'staff', 'job', 'payment')),
    actor_id uuid,
    reason text not null,
    facts jsonb not null default '{}',
    media_ids uuid[] not null default '{}',
    constraint after_sale_events_pkey primary key (tenant_id, after_sale_id, nth),
    constraint after_sale_events_of_case foreign key (tenant_id, after_sale_id)
        references trade.after_sales (tenant_id, id)
);
select kernel.tenant_table('trade.after_sale_events');
select kernel.append_only('trade.after_sale_events');
