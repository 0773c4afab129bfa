-- Stock with reservations: what lies on the shelf, what is promised to whom, and why the shelf changed.

-- A row here is what everybody buying the same thing waits for, so it is small, no index names a column
-- that changes, and pages keep room: its updates stay on the page.
create table inventory.stock (
    tenant_id uuid not null,
    sku_id uuid not null,
    on_hand integer not null constraint stock_on_hand_exists check (on_hand >= 0),
    reserved integer not null default 0 constraint stock_reserved_exists check (reserved >= 0),
    constraint stock_pkey primary key (tenant_id, sku_id),
    constraint stock_never_oversold check (reserved <= on_hand)
) with (fillfactor = 50);
select kernel.tenant_table('inventory.stock');

-- held -> taken (paid) -> restored (refunded before shipping); held -> released (cancelled).
create table inventory.reservations (
    tenant_id uuid not null,
    order_id uuid not null,
    sku_id uuid not null,
    quantity integer not null constraint reservations_quantity_counts check (quantity > 0),
    state text not null default 'held'
        constraint reservations_state_known check (state in ('held', 'taken', 'released', 'restored')),
    until timestamptz not null,
    at timestamptz not null,
    constraint reservations_pkey primary key (tenant_id, order_id, sku_id)
) with (fillfactor = 80);
select kernel.tenant_table('inventory.reservations');

-- Every change of `on_hand`, by whom and why. Holds are no movements: nothing leaves the shelf.
create table inventory.movements (
    tenant_id uuid not null,
    id uuid not null,
    sku_id uuid not null,
    quantity integer not null constraint movements_move check (quantity <> 0),
    reason text not null constraint movements_reason_known
        check (reason in ('counted', 'imported', 'sold', 'restored')),
    order_id uuid,
    actor_kind text not null,
    actor_id uuid,
    at timestamptz not null,
    constraint movements_pkey primary key (tenant_id, id)
);
select kernel.tenant_table('inventory.movements');
select kernel.append_only('inventory.movements');
create index movements_of_sku on inventory.movements (tenant_id, sku_id, at);
