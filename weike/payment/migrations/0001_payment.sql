-- Ways to be paid, what buyers were asked to pay, what the providers told us, and money given back.

create table payment.configs (
    tenant_id uuid not null,
    id uuid not null,
    provider text not null constraint configs_provider check (provider in ('wechat')),
    mch_id text not null,
    app_id_mini text,
    app_id_official text,
    -- Sealed with the installation's own key: a copy of the database alone cannot pay or refund.
    credentials_cipher bytea not null,
    state text not null constraint configs_state check (state in ('active', 'off')),
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (tenant_id, id)
);
select kernel.tenant_table('payment.configs');
-- Another merchant number is another config: the old one is switched off and still listens.
create unique index configs_one_active on payment.configs (tenant_id, provider)
    where state = 'active';

-- A notification names a config and nothing else: this is how its tenant is found.
create table payment.hooks (
    config_id uuid primary key,
    tenant_id uuid not null
);
select kernel.reference_table('payment.hooks');

create table payment.intents (
    tenant_id uuid not null,
    id uuid not null,
    order_id uuid not null,
    config_id uuid not null,
    method text not null constraint intents_method check (method in ('jsapi', 'mini', 'h5', 'native')),
    app_id text not null,
    out_trade_no text not null,
    description text not null,
    amount_minor bigint not null constraint intents_amount check (amount_minor > 0),
    currency char(3) not null,
    payer_openid text,
    -- created -> prepaid -> paid | closed; unknown: nobody knows whether it is prepaid;
    -- quarantined: the provider says something that does not match, a person must look.
    state text not null constraint intents_state
        check (state in ('created', 'prepaid', 'unknown', 'paid', 'closed', 'quarantined')),
    prepay jsonb,
    prepaid_at timestamptz,
    expires_at timestamptz not null,
    close_requested_at timestamptz,
    transaction_id text,
    payer text,
    paid_at timestamptz,
    -- Refunds asked for and not refused: what is promised back can never exceed what came in.
    refunding_minor bigint not null default 0,
    next_query_at timestamptz,
    queries integer not null default 0,
    created_at timestamptz not null,
    primary key (tenant_id, id),
    constraint intents_out_trade_no unique (tenant_id, out_trade_no),
    constraint intents_config foreign key (tenant_id, config_id)
        references payment.configs (tenant_id, id),
    constraint intents_refunding check (refunding_minor between 0 and amount_minor),
    constraint intents_paid check ((state = 'paid') = (paid_at is not null)),
    constraint intents_refund_of_paid check (refunding_minor = 0 or state = 'paid')
);
select kernel.tenant_table('payment.intents');
create index intents_of_order on payment.intents (tenant_id, order_id);
create index intents_to_query on payment.intents (tenant_id, next_query_at)
    where next_query_at is not null;

-- Every verified notification once, with what came of it. Never changed, never deleted.
create table payment.inbox (
    tenant_id uuid not null,
    config_id uuid not null,
    notification_id text not null,
    event_type text not null,
    outcome text not null constraint inbox_outcome
        check (outcome in ('applied', 'repeated', 'ignored', 'quarantined')),
    reason text,
    content jsonb not null,
    received_at timestamptz not null,
    primary key (tenant_id, config_id, notification_id),
    constraint inbox_config foreign key (tenant_id, config_id)
        references payment.configs (tenant_id, id)
);
select kernel.tenant_table('payment.inbox');
select kernel.append_only('payment.inbox');
create index inbox_quarantined on payment.inbox (tenant_id, received_at)
    where outcome = 'quarantined';

create table payment.refunds (
    tenant_id uuid not null,
    id uuid not null,
    intent_id uuid not null,
    order_id uuid not null,
    purpose text not null constraint refunds_purpose check (purpose in ('order', 'return')),
    out_refund_no text not null,
    amount_minor bigint not null constraint refunds_amount check (amount_minor > 0),
    currency char(3) not null,
    reason text not null,
    -- requested -> sent -> succeeded | refused; unknown: sent, and nobody knows.
    state text not null constraint refunds_state
        check (state in ('requested', 'sent', 'unknown', 'succeeded', 'refused')),
    provider_refund_id text,
    last_code text,
    attempts integer not null default 0,
    next_at timestamptz,
    requested_at timestamptz not null,
    done_at timestamptz,
    primary key (tenant_id, id),
    constraint refunds_out_refund_no unique (tenant_id, out_refund_no),
    constraint refunds_intent foreign key (tenant_id, intent_id)
        references payment.intents (tenant_id, id),
    constraint refunds_done check ((state in ('succeeded', 'refused')) = (done_at is not null))
);
select kernel.tenant_table('payment.refunds');
create index refunds_of_order on payment.refunds (tenant_id, order_id);
create index refunds_to_send on payment.refunds (tenant_id, next_at) where next_at is not null;
