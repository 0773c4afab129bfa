-- What is sold: categories, media, products, their SKUs, and the words products are found by.
-- Lists read one row per card, so a product row carries what a card shows (cover, price range, SKU ids).

create table catalog.categories (
    tenant_id uuid not null,
    id uuid not null,
    parent_id uuid,
    name text not null,
    icon_media_id uuid,
    position integer not null default 0,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint categories_pkey primary key (tenant_id, id),
    constraint categories_name check (length(name) between 1 and 40),
    constraint categories_not_own_parent check (parent_id <> id),
    constraint categories_parent foreign key (tenant_id, parent_id)
        references catalog.categories (tenant_id, id)
);
select kernel.tenant_table('catalog.categories');
create index categories_children on catalog.categories (tenant_id, parent_id, position, id);

-- `name` is random: it is the public address of the picture, and knowing one tells nothing of another.
create table catalog.media (
    tenant_id uuid not null,
    id uuid not null,
    kind text not null,
    name text not null,
    width integer not null,
    height integer not null,
    byte_size bigint not null,
    sha256 bytea not null,
    created_at timestamptz not null,
    constraint media_pkey primary key (tenant_id, id),
    constraint media_kind check (kind in ('picture')),
    constraint media_name unique (tenant_id, name),
    constraint media_sha256 unique (tenant_id, sha256),
    constraint media_size check (width > 0 and height > 0 and byte_size > 0)
);
select kernel.tenant_table('catalog.media');

create table catalog.products (
    tenant_id uuid not null,
    id uuid not null,
    title text not null,
    title_en text not null default '',
    subtitle text not null default '',
    description text not null default '',
    category_id uuid,
    state text not null,
    position integer not null default 0,
    specs jsonb not null default '[]',
    media_ids uuid[] not null default '{}',
    tags text[] not null default '{}',
    commission_rate_bp integer,
    sold_count bigint not null default 0,
    cover text,
    sku_ids uuid[] not null default '{}',
    min_price_minor bigint not null,
    max_price_minor bigint not null,
    market_price_minor bigint,
    currency char(3) not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    archived_at timestamptz,
    version integer not null default 1,
    constraint products_pkey primary key (tenant_id, id),
    constraint products_title check (length(title) between 1 and 120),
    constraint products_state check (state in ('draft', 'on_sale', 'off_sale')),
    constraint products_archived_is_off check (archived_at is null or state <> 'on_sale'),
    constraint products_commission check (commission_rate_bp between 0 and 10000),
    constraint products_sold check (sold_count >= 0),
    constraint products_prices check (min_price_minor >= 0 and max_price_minor >= min_price_minor),
    constraint products_category foreign key (tenant_id, category_id)
        references catalog.categories (tenant_id, id)
);
select kernel.tenant_table('catalog.products');
-- The shop's five orders. Archived goods are never on sale, so the state alone is enough.
create index products_shelf on catalog.products (tenant_id, position, id desc)
    where state = 'on_sale';
create index products_newest on catalog.products (tenant_id, created_at desc, id desc)
    where state = 'on_sale';
create index products_best_selling on catalog.products (tenant_id, sold_count desc, id desc)
    where state = 'on_sale';
create index products_price on catalog.products (tenant_id, min_price_minor, id desc)
    where state = 'on_sale';
create index products_of_category on catalog.products (tenant_id, category_id)
    where archived_at is null;
create index products_console on catalog.products (tenant_id, updated_at desc, id desc)
    where archived_at is null;

create table catalog.skus (
    tenant_id uuid not null,
    id uuid not null,
    product_id uuid not null,
    code text not null,
    spec_values text[] not null default '{}',
    price_minor bigint not null,
    market_price_minor bigint,
    cost_minor bigint,
    currency char(3) not null,
    weight_g integer,
    media_id uuid,
    picture text,
    position integer not null,
    is_active boolean not null default true,
    constraint skus_pkey primary key (tenant_id, id),
    constraint skus_product foreign key (tenant_id, product_id)
        references catalog.products (tenant_id, id),
    constraint skus_code check (length(code) between 1 and 64),
    constraint skus_price check (price_minor > 0),
    constraint skus_market_price check (market_price_minor > 0),
    constraint skus_cost check (cost_minor >= 0),
    constraint skus_weight check (weight_g >= 0)
);
select kernel.tenant_table('catalog.skus');
create index skus_of_product on catalog.skus (tenant_id, product_id, position);
-- A withdrawn SKU keeps its row, because orders point to it, but gives its code back.
create unique index skus_active_code on catalog.skus (tenant_id, code) where is_active;

-- An inverted index of our own. Under row-level security PostgreSQL may use only leakproof
-- operators as index conditions; those of GIN (arrays, tsvector, trigrams) are not, btree's are.
-- docs/algorithms/search.md has the measurement.
create table catalog.search_words (
    tenant_id uuid not null,
    word text collate "C" not null,
    product_id uuid not null,
    in_title boolean not null,
    constraint search_words_pkey primary key (tenant_id, word, product_id) include (in_title)
);
select kernel.tenant_table('catalog.search_words');
create index search_words_of_product on catalog.search_words (tenant_id, product_id);
