-- The bills of payment channels beside our own books, where they differ, and money that fits nothing.

-- One bill of one merchant number and one day in China. `version` grows each time it is taken again.
create table payment.bills (
    tenant_id uuid not null,
    id uuid not null,
    config_id uuid not null,
    provider text not null,
    day date not null,
    -- waiting: not ready, or not whole when it came; taken: its lines are here; compared: its differences too.
    state text not null constraint bills_state check (state in ('waiting', 'taken', 'compared')),
    version integer not null default 0,
    attempts integer not null default 0,
    next_at timestamptz,
    last_code text,
    payments integer not null default 0,
    paid_minor bigint not null default 0,
    refunds integer not null default 0,
    refunded_minor bigint not null default 0,
    fee_minor bigint not null default 0,
    -- What of the fees is in the ledger; never more than one transfer behind.
    fee_booked_minor bigint not null default 0,
    ours_paid_minor bigint not null default 0,
    ours_refunded_minor bigint not null default 0,
    ledger_in_minor bigint not null default 0,
    ledger_out_minor bigint not null default 0,
    taken_at timestamptz,
    compared_at timestamptz,
    primary key (tenant_id, id),
    constraint bills_of_config unique (tenant_id, config_id, day),
    constraint bills_config foreign key (tenant_id, config_id)
        references payment.configs (tenant_id, id)
);
select kernel.tenant_table('payment.bills');
create index bills_due on payment.bills (tenant_id, next_at) where next_at is not null;
create index bills_by_day on payment.bills (tenant_id, day);

-- The lines as they came, by month: they are vouchers and stay; a month can be detached as a whole.
create table payment.bill_lines (
    tenant_id uuid not null,
    day date not null,
    bill_id uuid not null,
    line_no integer not null,
    kind text not null constraint bill_lines_kind check (kind in ('payment', 'refund', 'unreadable')),
    -- Our number: out_trade_no of a payment, out_refund_no of a refund.
    number text not null,
    -- The channel's id of a payment; empty for a refund, which has one number only.
    txn text not null,
    out_trade_no text not null,
    amount_minor bigint not null,
    fee_minor bigint not null,
    -- The rate the row itself names, in millionths; null where the bill has no such column.
    rate_ppm integer,
    is_done boolean not null,
    state text not null,
    at timestamptz not null,
    primary key (tenant_id, day, bill_id, line_no)
) partition by range (day);
select kernel.partitioned('payment.bill_lines');
select kernel.tenant_table('payment.bill_lines');
-- More columns than the key's beginning on purpose: lines are asked for in the transaction that wrote
-- them, when nothing is known of their distribution, and the planner then takes the longest match.
create index bill_lines_of_number on payment.bill_lines (tenant_id, bill_id, number, kind, txn);

create table payment.differences (
    tenant_id uuid not null,
    id uuid not null,
    bill_id uuid not null,
    day date not null,
    provider text not null,
    class text not null constraint differences_class check (class in ('unreadable', 'duplicated',
        'missing_at_us', 'state', 'amount', 'date_edge', 'missing_at_channel', 'ledger', 'fee')),
    kind text not null constraint differences_kind check (kind in ('payment', 'refund', 'unreadable')),
    number text not null,
    txn text not null,
    out_trade_no text not null,
    order_id uuid,
    intent_id uuid,
    refund_id uuid,
    line_no integer,
    -- What each side says; null where it says nothing.
    theirs_minor bigint,
    theirs_state text,
    theirs_at timestamptz,
    ours_minor bigint,
    ours_state text,
    ours_at timestamptz,
    ledger_minor bigint,
    fee_minor bigint,
    state text not null constraint differences_state check (state in ('open', 'repaired', 'explained')),
    -- How it ended: gone (not found any more), matched (the other day has it), quarantined, explained.
    resolution text,
    reason text,
    resolved_by uuid,
    resolved_at timestamptz,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    primary key (tenant_id, id),
    constraint differences_bill foreign key (tenant_id, bill_id)
        references payment.bills (tenant_id, id),
    constraint differences_end check ((state = 'open') = (resolved_at is null))
);
select kernel.tenant_table('payment.differences');
create index differences_of_bill on payment.differences (tenant_id, bill_id, class);
create index differences_newest on payment.differences (tenant_id, day, id);
create index differences_open on payment.differences (tenant_id, bill_id) where state = 'open';

-- Money that came in and fits no order as it is. Booked in the transaction that writes the row.
create table payment.quarantined (
    tenant_id uuid not null,
    id uuid not null,
    config_id uuid not null,
    provider text not null,
    out_trade_no text not null,
    transaction_id text not null,
    -- Null when we know no such number: then it was taken in from a bill.
    intent_id uuid,
    order_id uuid,
    reason text not null,
    amount_minor bigint not null constraint quarantined_amount check (amount_minor > 0),
    currency char(3) not null,
    expected_minor bigint,
    payer text not null,
    paid_at timestamptz not null,
    -- held -> returning -> returned; held -> accepted; a refused return is held again.
    state text not null constraint quarantined_state
        check (state in ('held', 'returning', 'returned', 'accepted')),
    return_id uuid,
    return_reason text,
    attempts integer not null default 0,
    next_at timestamptz,
    last_code text,
    ended_at timestamptz,
    created_at timestamptz not null,
    primary key (tenant_id, id),
    constraint quarantined_once unique (tenant_id, config_id, out_trade_no, transaction_id),
    constraint quarantined_config foreign key (tenant_id, config_id)
        references payment.configs (tenant_id, id)
);
select kernel.tenant_table('payment.quarantined');
create index quarantined_to_send on payment.quarantined (tenant_id, next_at) where next_at is not null;
create index quarantined_newest on payment.quarantined (tenant_id, created_at, id);
create index quarantined_of_return on payment.quarantined (tenant_id, return_id) where return_id is not null;

-- What somebody wants to do about a difference or quarantined money, and who agreed.
create table payment.proposals (
    tenant_id uuid not null,
    id uuid not null,
    subject_type text not null constraint proposals_subject
        check (subject_type in ('difference', 'quarantined')),
    subject_id uuid not null,
    action text not null constraint proposals_action
        check (action in ('explain', 'take_in', 'return', 'accept')),
    reason text not null,
    state text not null constraint proposals_state check (state in ('proposed', 'approved', 'rejected')),
    proposed_by uuid not null,
    proposed_name text not null,
    proposed_at timestamptz not null,
    decided_by uuid,
    decided_name text,
    decided_at timestamptz,
    -- Approved by whoever proposed it, because nobody else could.
    alone boolean not null default false,
    primary key (tenant_id, id),
    constraint proposals_decided check ((state = 'proposed') = (decided_at is null)),
    constraint proposals_two_persons check (decided_by <> proposed_by or alone or state = 'rejected')
);
select kernel.tenant_table('payment.proposals');
create unique index proposals_one_open on payment.proposals (tenant_id, subject_id)
    where state = 'proposed';
create index proposals_of_subject on payment.proposals (tenant_id, subject_id);

-- What a day of ours is asked by; its payments have their index already.
create index refunds_succeeded on payment.refunds (tenant_id, done_at) where state = 'succeeded';
