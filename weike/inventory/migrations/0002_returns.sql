-- Pieces come back one by one: refunded before shipping, sent back, or replaced by others.

alter table inventory.reservations
    add column back_quantity integer not null default 0,
    add constraint reservations_back_possible check (back_quantity between 0 and quantity);

alter table inventory.movements
    drop constraint movements_reason_known,
    add constraint movements_reason_known
        check (reason in ('counted', 'imported', 'sold', 'restored', 'returned', 'replaced'));
