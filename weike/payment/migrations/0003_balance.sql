-- A member's balance with the shop: topped up through a channel, paid with, given back to its source.
-- How much it is stands in the ledger (account "balance"); here is who may, up to how much, and why.

alter table payment.configs drop constraint configs_provider;
alter table payment.configs add constraint configs_provider
    check (provider in ('wechat', 'alipay', 'balance'));

alter table payment.intents drop constraint intents_method;
alter table payment.intents add constraint intents_method
    check (method in ('jsapi', 'mini', 'h5', 'native', 'alipay_wap', 'alipay_page', 'balance'));
-- What the money is for: an order, or a top-up, whose id then stands in order_id.
alter table payment.intents add column subject text not null default 'order'
    constraint intents_subject check (subject in ('order', 'top_up'));
-- Whose balance is meant; null where none is.
alter table payment.intents add column member_id uuid;
alter table payment.intents add constraint intents_member
    check ((subject = 'top_up' or method = 'balance') = (member_id is not null));
create index intents_of_member on payment.intents (tenant_id, member_id, id)
    where member_id is not null;

alter table payment.refunds drop constraint refunds_purpose;
alter table payment.refunds add constraint refunds_purpose
    check (purpose in ('order', 'return', 'balance_out'));
-- One wish to have a balance back may be refunds of several top-ups.
alter table payment.refunds add column request_id uuid;
create index refunds_of_request on payment.refunds (tenant_id, request_id)
    where request_id is not null;

-- The ceilings are the law's (see payment/balance/model.py): no setting reaches above them.
create table payment.balance_settings (
    tenant_id uuid not null,
    is_on boolean not null,
    issuer text not null,
    filing text not null,
    terms text not null,
    anonymous_limit_minor bigint not null
        constraint balance_settings_anonymous check (anonymous_limit_minor between 1 and 100000),
    named_limit_minor bigint not null
        constraint balance_settings_named check (named_limit_minor between 1 and 500000),
    validity_years integer constraint balance_settings_validity check (validity_years >= 3),
    choices_minor bigint[] not null,
    version bigint not null,
    updated_at timestamptz not null,
    primary key (tenant_id),
    constraint balance_settings_filed check (not is_on or (filing <> '' and issuer <> ''))
);
select kernel.tenant_table('payment.balance_settings');

-- One row per member who has a balance: whoever takes from it locks this row first.
create table payment.balance_accounts (
    tenant_id uuid not null,
    member_id uuid not null,
    -- Name and number of the paper that makes the balance a named one, sealed; null: anonymous.
    holder_cipher bytea,
    named_at timestamptz,
    -- An anonymous balance rests after this until its holder wakes it; null: never.
    rests_at timestamptz,
    opened_at timestamptz not null,
    primary key (tenant_id, member_id),
    constraint balance_accounts_named check ((holder_cipher is null) = (named_at is null))
);
select kernel.tenant_table('payment.balance_accounts');
