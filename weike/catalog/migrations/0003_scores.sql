-- What buyers think of a product, kept by trade with every review, so that a card shows it without asking.
alter table catalog.products
    add column review_count integer not null default 0 constraint products_reviews check (review_count >= 0),
    add column score_sum bigint not null default 0 constraint products_scores check (score_sum between 0 and 5 * review_count);
