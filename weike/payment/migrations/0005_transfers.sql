-- Money to people: what was asked to be paid out to whom, and what the provider made of it.

create table payment.transfers (
    tenant_id uuid not null,
    -- Its hex is the number the provider knows it by, for ever.
    id uuid not null,
    config_id uuid not null,
    purpose text not null constraint transfers_purpose check (purpose in ('withdrawal')),
    purpose_id uuid not null,
    app_id text not null,
    payee text not null,
    -- The real name, sealed: the provider compares it with its own.
    name_cipher bytea,
    amount_minor bigint not null constraint transfers_amount check (amount_minor > 0),
    currency char(3) not null,
    remark text not null,
    -- requested -> sent -> confirming (the payee must say yes) -> succeeded | failed; unknown: nobody knows.
    state text not null constraint transfers_state
        check (state in ('requested', 'sent', 'unknown', 'confirming', 'succeeded', 'failed')),
    provider_transfer_id text,
    package_info text,
    last_code text,
    attempts integer not null default 0,
    next_at timestamptz,
    requested_at timestamptz not null,
    done_at timestamptz,
    constraint transfers_pkey primary key (tenant_id, id),
    constraint transfers_once unique (tenant_id, purpose, purpose_id),
    constraint transfers_config foreign key (tenant_id, config_id) references payment.configs (tenant_id, id),
    constraint transfers_done check ((state in ('succeeded', 'failed')) = (done_at is not null))
);
select kernel.tenant_table('payment.transfers');
create index transfers_to_ask on payment.transfers (tenant_id, next_at) where next_at is not null;
