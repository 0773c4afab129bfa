-- What an order has earned its buyer: the base it was computed from stays, so that refunds take back in proportion.

create table trade.points_earned (
    tenant_id uuid not null,
    order_id uuid not null,
    member_id uuid not null,
    base_minor bigint not null,
    refunded_before_minor bigint not null,
    points integer not null,
    multiplier_bp integer not null,
    at timestamptz not null,
    constraint points_earned_pkey primary key (tenant_id, order_id),
    constraint points_earned_sound check (base_minor > 0 and refunded_before_minor >= 0 and points > 0)
);
select kernel.tenant_table('trade.points_earned');
