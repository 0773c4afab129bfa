-- What buyers say of what they bought. Words, scores and pictures are never reworded and never deleted: the
-- application's role may change only the columns named below (docs/algorithms/reviews.md).

create table trade.reviews (
    tenant_id uuid not null,
    id uuid not null,
    order_id uuid not null,
    position integer not null,
    product_id uuid not null,
    member_id uuid not null,
    score smallint not null constraint reviews_score check (score between 1 and 5),
    tags text[] not null,
    is_anonymous boolean not null,
    posted_at timestamptz not null,
    appended_at timestamptz,
    -- The phone and the parcel's address as hashes, to see one person under many names; forgotten in time.
    device_hash bytea,
    address_hash bytea,
    votes integer not null default 0 constraint reviews_votes check (votes >= 0),
    substance double precision not null,
    rank double precision not null,
    suspicion smallint not null default 0,
    reasons jsonb not null default '[]',
    flag text not null default 'none'
        constraint reviews_flag check (flag in ('none', 'suspected', 'confirmed', 'cleared')),
    hidden_ground text
        constraint reviews_ground check (hidden_ground in ('illegal', 'personal_data', 'proven_fake')),
    hidden_at timestamptz,
    constraint reviews_pkey primary key (tenant_id, id),
    constraint reviews_once unique (tenant_id, order_id, position),
    constraint reviews_of_line foreign key (tenant_id, order_id, position)
        references trade.order_lines (tenant_id, order_id, position),
    constraint reviews_hidden check ((hidden_ground is null) = (hidden_at is null))
) with (fillfactor = 80);
select kernel.tenant_table('trade.reviews');
revoke update, delete on trade.reviews from weike_app;
grant update (is_anonymous, appended_at, device_hash, address_hash, votes, substance, rank, suspicion, reasons, flag,
    hidden_ground, hidden_at) on trade.reviews to weike_app;
create index reviews_of_product on trade.reviews (tenant_id, product_id, rank desc, id desc) where hidden_at is null;
create index reviews_newest on trade.reviews (tenant_id, posted_at desc, id desc);
create index reviews_of_member on trade.reviews (tenant_id, member_id, posted_at desc, id desc);
create index reviews_by_device on trade.reviews (tenant_id, device_hash) where device_hash is not null;
create index reviews_by_address on trade.reviews (tenant_id, address_hash) where address_hash is not null;

-- Part 1 is the review, part 2 what was appended. Pictures can be taken down with their author's account.
create table trade.review_parts (
    tenant_id uuid not null,
    review_id uuid not null,
    part smallint not null constraint review_parts_known check (part in (1, 2)),
    text text not null constraint review_parts_length check (length(text) <= 1000),
    pictures text[] not null constraint review_parts_pictures check (cardinality(pictures) <= 9),
    fingerprint bytea,
    at timestamptz not null,
    constraint review_parts_pkey primary key (tenant_id, review_id, part),
    constraint review_parts_of_review foreign key (tenant_id, review_id) references trade.reviews (tenant_id, id)
);
select kernel.tenant_table('trade.review_parts');
revoke update, delete on trade.review_parts from weike_app;
grant update (pictures) on trade.review_parts to weike_app;
create index review_parts_alike on trade.review_parts (tenant_id, fingerprint) where fingerprint is not null;

create table trade.review_answers (
    tenant_id uuid not null,
    review_id uuid not null,
    part smallint not null,
    text text not null constraint review_answers_length check (length(text) between 1 and 500),
    staff_id uuid not null,
    at timestamptz not null,
    constraint review_answers_pkey primary key (tenant_id, review_id, part),
    constraint review_answers_of_part foreign key (tenant_id, review_id, part)
        references trade.review_parts (tenant_id, review_id, part)
);
select kernel.tenant_table('trade.review_answers');
select kernel.append_only('trade.review_answers');

create table trade.review_votes (
    tenant_id uuid not null,
    review_id uuid not null,
    member_id uuid not null,
    at timestamptz not null,
    constraint review_votes_pkey primary key (tenant_id, review_id, member_id),
    constraint review_votes_of_review foreign key (tenant_id, review_id) references trade.reviews (tenant_id, id)
);
select kernel.tenant_table('trade.review_votes');

create table trade.review_appeals (
    tenant_id uuid not null,
    id uuid not null,
    review_id uuid not null,
    ground text not null
        constraint review_appeals_ground check (ground in ('illegal', 'personal_data', 'proven_fake')),
    reason text not null constraint review_appeals_reason check (length(reason) between 1 and 500),
    evidence text[] not null constraint review_appeals_evidence check (cardinality(evidence) <= 9),
    state text not null constraint review_appeals_state check (state in ('open', 'upheld', 'rejected')),
    staff_id uuid not null,
    at timestamptz not null,
    note text,
    decided_by uuid,
    decided_at timestamptz,
    constraint review_appeals_pkey primary key (tenant_id, id),
    constraint review_appeals_of_review foreign key (tenant_id, review_id) references trade.reviews (tenant_id, id),
    constraint review_appeals_two_people check (decided_by is null or decided_by <> staff_id),
    constraint review_appeals_decided check ((state = 'open') = (decided_at is null))
);
select kernel.tenant_table('trade.review_appeals');
create unique index review_appeals_one_open on trade.review_appeals (tenant_id, review_id) where state = 'open';
create index review_appeals_of on trade.review_appeals (tenant_id, review_id, at);

-- Of the reviews shown, moved in the transaction that posts, appends or hides one.
create table trade.review_counts (
    tenant_id uuid not null,
    product_id uuid not null,
    by_score integer[] not null default '{0,0,0,0,0}',
    with_pictures integer not null default 0,
    appended integer not null default 0,
    hidden integer not null default 0,
    constraint review_counts_pkey primary key (tenant_id, product_id)
);
select kernel.tenant_table('trade.review_counts');
