-- What an order is delivered by, what was taken off it by whom, and freight templates.

alter table trade.orders
    add column delivery_kind text not null default 'express'
        constraint orders_delivery_known check (delivery_kind in ('express', 'pickup', 'none')),
    add column pickup_point_id uuid
        constraint orders_pickup_point_with_kind check ((pickup_point_id is not null) = (delivery_kind = 'pickup')),
    add column price_notes jsonb not null default '[]';

-- A template is read and written as a whole, so its zones are one value.
create table trade.freight_templates (
    tenant_id uuid not null,
    id uuid not null,
    name text not null constraint freight_templates_name_filled check (length(name) between 1 and 40),
    rules jsonb not null,
    is_default boolean not null,
    updated_at timestamptz not null,
    constraint freight_templates_pkey primary key (tenant_id, id)
);
select kernel.tenant_table('trade.freight_templates');
create unique index freight_templates_one_default on trade.freight_templates (tenant_id) where is_default;

-- The one fee of a shop becomes its default template. Whoever migrates may be held by row-level security, so each
-- shop is entered by itself.
do
$$
declare
    shop record;
begin
    for shop in select d.tenant_id from tenancy.directory d order by d.tenant_id loop
        perform set_config('app.tenant_id', shop.tenant_id::text, true);
        insert into trade.freight_templates (tenant_id, id, name, rules, is_default, updated_at)
        select t.tenant_id, gen_random_uuid(), '默认运费',
               jsonb_build_object('elsewhere', jsonb_build_object(
                   'first_fee_minor', coalesce((t.settings ->> 'freight_fee_minor')::bigint, 0),
                   'free_from_minor', coalesce((t.settings ->> 'freight_free_from_minor')::bigint, 0))),
               true, now()
        from tenancy.tenants t
        where t.tenant_id = shop.tenant_id;
    end loop;
    perform set_config('app.tenant_id', '', true);
end
$$;
