-- What categories are called in English. Specs say it beside their own names (products.specs).

alter table catalog.categories
    add column name_en text not null default '',
    add constraint categories_name_en check (length(name_en) <= 60);
