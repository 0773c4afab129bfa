-- Alipay beside WeChat Pay: its app, its ways to pay, and which channel is offered where.

alter table payment.configs drop constraint configs_provider;
alter table payment.configs add constraint configs_provider
    check (provider in ('wechat', 'alipay'));
-- The app of a provider that has one for every way of paying.
alter table payment.configs add column app_id text;

alter table payment.intents drop constraint intents_method;
alter table payment.intents add constraint intents_method
    check (method in ('jsapi', 'mini', 'h5', 'native', 'alipay_wap', 'alipay_page'));
create index intents_of_config on payment.intents (tenant_id, config_id, paid_at)
    where state = 'paid';

-- What is offered outside WeChat, the first one recommended. Without a row: all that is set up.
create table payment.ways (
    tenant_id uuid not null,
    in_browser text[] not null
        constraint ways_in_browser check (in_browser <@ array['alipay', 'wechat', 'balance']),
    in_wechat text[] not null
        constraint ways_in_wechat check (in_wechat <@ array['wechat', 'balance']),
    version bigint not null,
    updated_at timestamptz not null,
    primary key (tenant_id)
);
select kernel.tenant_table('payment.ways');
