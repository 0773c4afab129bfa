-- Which member price a product has: the level's, its SKUs' own, or none.

alter table catalog.products add column member_pricing text not null default 'level'
    constraint products_member_pricing_known check (member_pricing in ('level', 'fixed', 'none'));
alter table catalog.skus add column member_price_minor bigint
    constraint skus_member_price_counts check (member_price_minor > 0);
