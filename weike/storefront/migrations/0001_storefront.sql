-- The shop window: large pictures on top of the home page, in order, each leading somewhere in the shop.

create table storefront.banners (
    tenant_id uuid not null,
    position integer not null,
    media_id uuid not null,
    link text not null,
    constraint banners_pkey primary key (tenant_id, position),
    constraint banners_media foreign key (tenant_id, media_id)
        references catalog.media (tenant_id, id),
    constraint banners_link check (link = '' or link like '/%')
);
select kernel.tenant_table('storefront.banners');
