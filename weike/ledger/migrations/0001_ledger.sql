-- Transfers of balanced entries, append-only; snapshots that keep balances cheap; the findings of reconciliation.
-- A statement that leaves a transfer unbalanced is refused here, whoever wrote it.

create table ledger.transfers (
    tenant_id uuid not null,
    id uuid not null,
    kind text not null,
    reason text not null,
    source_type text not null,
    source_id uuid not null,
    at timestamptz not null,
    constraint transfers_pkey primary key (tenant_id, id)
);
select kernel.tenant_table('ledger.transfers');
select kernel.append_only('ledger.transfers');
create index transfers_of_source on ledger.transfers (tenant_id, source_id);
create index transfers_newest on ledger.transfers (tenant_id, at, id);

-- `at` is when it happened in the business; `written_at` is when the writing transaction began, which the
-- roll-up needs and nobody may choose. The transfer is not a foreign key: both tables are written by one
-- statement and can never be deleted from; reconciliation looks for strays.
create table ledger.entries (
    tenant_id uuid not null,
    transfer_id uuid not null,
    position integer not null constraint entries_position_counts check (position >= 0),
    account text not null constraint entries_account_named check (account ~ '^[a-z_]+(:[a-z0-9_]+)?$'),
    owner_id uuid not null,
    amount_minor bigint not null constraint entries_amount_moves check (amount_minor <> 0),
    currency char(3) not null,
    at timestamptz not null,
    written_at timestamptz not null default now(),
    constraint entries_pkey primary key (tenant_id, transfer_id, position)
);
select kernel.tenant_table('ledger.entries');
select kernel.append_only('ledger.entries');
create index entries_of_account on ledger.entries
    (tenant_id, account, owner_id, written_at) include (currency, amount_minor);

create function ledger.refuse_imbalance() returns trigger language plpgsql as
$$
declare
    wrong record;
begin
    select transfer_id, currency, sum(amount_minor) as difference into wrong
    from written
    group by tenant_id, transfer_id, currency
    having sum(amount_minor) <> 0
    limit 1;
    if found then
        raise exception 'ledger: transfer % does not balance, % % too much',
            wrong.transfer_id, wrong.difference, wrong.currency
            using errcode = '23514', constraint = 'entries_balance', schema = 'ledger', table = 'entries';
    end if;
    return null;
end
$$;

create trigger entries_balance after insert on ledger.entries
    referencing new table as written
    for each statement execute function ledger.refuse_imbalance();

-- One row per shop that has a ledger: how far its entries are rolled up, when it was last proven.
create table ledger.books (
    tenant_id uuid not null,
    rolled_through timestamptz not null,
    reconciled_at timestamptz,
    is_sound boolean,
    constraint books_pkey primary key (tenant_id)
);
select kernel.tenant_table('ledger.books');

create table ledger.snapshots (
    tenant_id uuid not null,
    account text not null,
    owner_id uuid not null,
    currency char(3) not null,
    balance_minor bigint not null,
    constraint snapshots_pkey primary key (tenant_id, account, owner_id, currency)
);
select kernel.tenant_table('ledger.snapshots');

create table ledger.reconciliations (
    tenant_id uuid not null,
    at timestamptz not null,
    ok boolean not null,
    checks jsonb not null,
    constraint reconciliations_pkey primary key (tenant_id, at)
);
select kernel.tenant_table('ledger.reconciliations');
