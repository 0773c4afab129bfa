-- Points: lots with expiry, what was spent of which lot, debts, and adjustments by hand that may need a second person.
-- The balance is in ledger.entries (currency PTS); reconciliation holds both against each other.

-- One row per member who ever had points. Whoever touches a member's lots locks it first.
create table ledger.points_holders (
    tenant_id uuid not null,
    member_id uuid not null,
    debt integer not null default 0,
    constraint points_holders_pkey primary key (tenant_id, member_id),
    constraint points_holders_debt_counts check (debt >= 0)
);
select kernel.tenant_table('ledger.points_holders');

create table ledger.points_lots (
    tenant_id uuid not null,
    id uuid not null,
    member_id uuid not null,
    state text not null,
    granted integer not null,
    remaining integer not null,
    taken_back integer not null default 0,
    expired integer not null default 0,
    source_type text not null,
    source_id uuid not null,
    granted_at timestamptz not null,
    expires_at timestamptz,
    constraint points_lots_pkey primary key (tenant_id, id),
    constraint points_lots_state_known check (state in ('pending', 'available')),
    constraint points_lots_granted_counts check (granted > 0),
    constraint points_lots_sum check (
        remaining >= 0 and taken_back >= 0 and expired >= 0 and remaining + expired <= granted
        and taken_back + expired <= granted)
);
select kernel.tenant_table('ledger.points_lots');
create index points_lots_of_member on ledger.points_lots (tenant_id, member_id) where remaining > 0;
create index points_lots_expiry on ledger.points_lots (tenant_id, expires_at)
    where remaining > 0 and state = 'available';

create table ledger.points_spends (
    tenant_id uuid not null,
    id uuid not null,
    member_id uuid not null,
    points integer not null,
    given_back integer not null default 0,
    source_type text not null,
    source_id uuid not null,
    at timestamptz not null,
    constraint points_spends_pkey primary key (tenant_id, id),
    constraint points_spends_sum check (points > 0 and given_back between 0 and points)
);
select kernel.tenant_table('ledger.points_spends');

-- What a spend took of which lot, in that order.
create table ledger.points_uses (
    tenant_id uuid not null,
    spend_id uuid not null,
    position integer not null,
    lot_id uuid not null,
    points integer not null,
    given_back integer not null default 0,
    constraint points_uses_pkey primary key (tenant_id, spend_id, position),
    constraint points_uses_sum check (points > 0 and given_back between 0 and points)
);
select kernel.tenant_table('ledger.points_uses');

create table ledger.points_adjustments (
    tenant_id uuid not null,
    id uuid not null,
    member_id uuid not null,
    points integer not null,
    reason text not null,
    state text not null,
    asked_by uuid not null,
    asked_at timestamptz not null,
    decided_by uuid,
    decided_at timestamptz,
    constraint points_adjustments_pkey primary key (tenant_id, id),
    constraint points_adjustments_moves check (points <> 0),
    constraint points_adjustments_state_known check (state in ('waiting', 'done', 'refused')),
    constraint points_adjustments_two_people check (decided_by is null or decided_by <> asked_by)
);
select kernel.tenant_table('ledger.points_adjustments');
create index points_adjustments_newest on ledger.points_adjustments (tenant_id, asked_at desc, id desc);
create index points_adjustments_of on ledger.points_adjustments (tenant_id, member_id);

-- How points work in this shop; without a row they are off.
create table ledger.points_settings (
    tenant_id uuid not null,
    enabled boolean not null,
    per_yuan integer not null,
    value_minor integer not null,
    most_share_bp integer not null,
    least integer not null,
    life_months integer not null,
    review integer not null,
    approve_above integer not null,
    constraint points_settings_pkey primary key (tenant_id),
    constraint points_settings_sound check (
        per_yuan between 0 and 1000 and value_minor between 1 and 10000
        and most_share_bp between 0 and 10000 and least >= 0 and life_months between 0 and 120
        and review between 0 and 100000 and approve_above >= 0)
);
select kernel.tenant_table('ledger.points_settings');
