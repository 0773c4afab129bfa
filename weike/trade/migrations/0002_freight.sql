-- What an order is delivered by, and what was taken off it by whom.

alter table trade.orders
    add column delivery_kind text not null default 'express'
        constraint orders_delivery_known check (delivery_kind in ('express', 'pickup', 'none')),
    add column pickup_point_id uuid
        constraint orders_pickup_point_with_kind check ((pickup_point_id is not null) = (delivery_kind = 'pickup')),
    add column price_notes jsonb not null default '[]';
