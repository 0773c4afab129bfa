-- Commissions on their way to promoters: who the payee is, what is paid and withheld, who decided it.

-- Versions, never changed. The tax method depends on the shop's own status, so it carries a reason.
create table distribution.payout_rules (
    tenant_id uuid not null,
    version integer not null constraint payout_rules_version check (version > 0),
    effective_at timestamptz not null,
    min_minor bigint not null constraint payout_rules_min check (min_minor >= 100),
    max_minor bigint not null constraint payout_rules_max check (max_minor >= min_minor),
    two_people_from_minor bigint not null constraint payout_rules_two check (two_people_from_minor >= 0),
    tax_method text not null constraint payout_rules_method check (tax_method in ('labour', 'cumulative')),
    reason text not null,
    created_by uuid,
    constraint payout_rules_pkey primary key (tenant_id, version)
);
select kernel.tenant_table('distribution.payout_rules');
select kernel.append_only('distribution.payout_rules');

-- One row per natural person: what withdrawals of all her accounts lock. The hash is keyed; names and numbers are sealed.
create table distribution.persons (
    tenant_id uuid not null,
    person_hash bytea not null,
    name_cipher bytea not null,
    id_cipher bytea not null,
    id_tail text not null,
    declared_at timestamptz not null,
    constraint persons_pkey primary key (tenant_id, person_hash)
);
select kernel.tenant_table('distribution.persons');

create table distribution.payees (
    tenant_id uuid not null,
    member_id uuid not null,
    person_hash bytea not null,
    declared_at timestamptz not null,
    constraint payees_pkey primary key (tenant_id, member_id),
    constraint payees_person foreign key (tenant_id, person_hash)
        references distribution.persons (tenant_id, person_hash),
    constraint payees_promoter foreign key (tenant_id, member_id)
        references distribution.promoters (tenant_id, member_id)
);
select kernel.tenant_table('distribution.payees');
create index payees_of_person on distribution.payees (tenant_id, person_hash);

create table distribution.withdrawals (
    tenant_id uuid not null,
    id uuid not null,
    promoter_id uuid not null,
    person_hash bytea not null,
    channel text not null constraint withdrawals_channel check (channel in ('wechat', 'bank')),
    -- Where the bank shall pay, sealed; WeChat knows the payee itself.
    account_cipher bytea,
    account_tail text not null default '',
    gross_minor bigint not null constraint withdrawals_gross check (gross_minor > 0),
    tax_minor bigint not null constraint withdrawals_tax check (tax_minor >= 0),
    net_minor bigint not null constraint withdrawals_net check (net_minor > 0),
    currency char(3) not null,
    -- The tax period in China, and every figure the tax was counted from.
    tax_year integer not null,
    tax_month integer not null constraint withdrawals_month check (tax_month between 1 and 12),
    tax jsonb not null,
    rule_version integer not null,
    -- asked -> approved -> confirming (WeChat waits for the payee) -> paid;
    -- rejected, cancelled, failed: the money is available again.
    state text not null constraint withdrawals_state check (state in
        ('asked', 'approved', 'confirming', 'paid', 'rejected', 'cancelled', 'failed')),
    state_reason text not null default '',
    asked_at timestamptz not null,
    state_at timestamptz not null,
    paid_at timestamptz,
    bank_reference text,
    constraint withdrawals_pkey primary key (tenant_id, id),
    constraint withdrawals_sum check (gross_minor = net_minor + tax_minor),
    constraint withdrawals_paid check ((state = 'paid') = (paid_at is not null)),
    constraint withdrawals_payee foreign key (tenant_id, promoter_id)
        references distribution.payees (tenant_id, member_id)
);
select kernel.tenant_table('distribution.withdrawals');
create unique index withdrawals_one_open on distribution.withdrawals (tenant_id, promoter_id)
    where state in ('asked', 'approved', 'confirming');
create index withdrawals_newest on distribution.withdrawals (tenant_id, asked_at, id);
create index withdrawals_of_promoter on distribution.withdrawals (tenant_id, promoter_id, asked_at, id);
create index withdrawals_of_person on distribution.withdrawals (tenant_id, person_hash, tax_year);

-- Which commissions a withdrawal pays, oldest first.
create table distribution.withdrawal_parts (
    tenant_id uuid not null,
    withdrawal_id uuid not null,
    commission_id uuid not null,
    amount_minor bigint not null constraint withdrawal_parts_amount check (amount_minor > 0),
    constraint withdrawal_parts_pkey primary key (tenant_id, withdrawal_id, commission_id),
    constraint withdrawal_parts_withdrawal foreign key (tenant_id, withdrawal_id)
        references distribution.withdrawals (tenant_id, id),
    constraint withdrawal_parts_commission foreign key (tenant_id, commission_id)
        references distribution.commissions (tenant_id, id)
);
select kernel.tenant_table('distribution.withdrawal_parts');
select kernel.append_only('distribution.withdrawal_parts');

-- What is in withdrawals that are under way or done. More than what is left of the commission is a debt.
alter table distribution.commissions
    add column withdrawn_minor bigint not null default 0
        constraint commissions_withdrawn check (withdrawn_minor between 0 and amount_minor);
create index commissions_to_withdraw on distribution.commissions (tenant_id, promoter_id, hold_until, id)
    where state = 'available';

create table distribution.withdrawal_events (
    tenant_id uuid not null,
    withdrawal_id uuid not null,
    id uuid not null,
    kind text not null,
    at timestamptz not null,
    actor_id uuid,
    reason text not null default '',
    constraint withdrawal_events_pkey primary key (tenant_id, withdrawal_id, id),
    constraint withdrawal_events_of foreign key (tenant_id, withdrawal_id)
        references distribution.withdrawals (tenant_id, id)
);
select kernel.tenant_table('distribution.withdrawal_events');
select kernel.append_only('distribution.withdrawal_events');
