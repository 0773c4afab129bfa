-- What a product is, which says how it reaches the buyer: carried, delivered by a note, or by card keys.
-- The kind of a product never changes: orders in between would not know how to be delivered.

alter table catalog.products
    add column kind text not null default 'physical'
        constraint products_kind_known check (kind in ('physical', 'virtual', 'card_key')),
    add column delivery_note text not null default ''
        constraint products_delivery_note check (length(delivery_note) <= 2000);
