-- Promoters, who brought whom (append-only relations), and commissions. One paid tier: no column could hold an upline.

create table distribution.programmes (
    tenant_id uuid not null,
    version integer not null check (version > 0),
    effective_at timestamptz not null,
    rate_bp integer not null check (rate_bp between 0 and 5000),
    cap_bp integer not null check (cap_bp between 0 and 5000),
    hold_days integer not null check (hold_days between 7 and 90),
    click_window_days integer not null check (click_window_days between 1 and 35),
    protect_days integer not null check (protect_days between 0 and 365),
    validity_days integer not null check (validity_days between 1 and 3650),
    created_by uuid,
    constraint programmes_pkey primary key (tenant_id, version)
);
select kernel.tenant_table('distribution.programmes');
select kernel.append_only('distribution.programmes');

create table distribution.promoters (
    tenant_id uuid not null,
    member_id uuid not null,
    state text not null check (state in ('active', 'suspended', 'banned', 'quit')),
    agreement_version text not null,
    joined_at timestamptz not null,
    state_reason text,
    state_at timestamptz not null,
    constraint promoters_pkey primary key (tenant_id, member_id)
);
select kernel.tenant_table('distribution.promoters');
create index promoters_joined on distribution.promoters (tenant_id, joined_at desc, member_id desc);

create table distribution.relations (
    tenant_id uuid not null,
    id uuid not null,
    customer_id uuid not null,
    promoter_id uuid not null,
    share_id uuid,
    reason text not null check (reason in ('new', 'expired', 'replaced')),
    bound_at timestamptz not null,
    protected_until timestamptz not null,
    expires_at timestamptz not null,
    rule_version integer not null,
    constraint relations_pkey primary key (tenant_id, id),
    constraint relations_not_self check (customer_id <> promoter_id),
    constraint relations_promoter foreign key (tenant_id, promoter_id)
        references distribution.promoters (tenant_id, member_id)
);
select kernel.tenant_table('distribution.relations');
select kernel.append_only('distribution.relations');
create index relations_of_customer on distribution.relations (tenant_id, customer_id, bound_at);
create index relations_of_promoter on distribution.relations (tenant_id, promoter_id, bound_at desc, id desc);

create table distribution.relation_ends (
    tenant_id uuid not null,
    relation_id uuid not null,
    ended_at timestamptz not null,
    reason text not null check (reason in ('expired', 'replaced')),
    constraint relation_ends_pkey primary key (tenant_id, relation_id),
    constraint relation_ends_relation foreign key (tenant_id, relation_id)
        references distribution.relations (tenant_id, id)
);
select kernel.tenant_table('distribution.relation_ends');
select kernel.append_only('distribution.relation_ends');

-- Which relation is a customer's present one. The row is also what two touches at once wait for.
create table distribution.bindings (
    tenant_id uuid not null,
    customer_id uuid not null,
    relation_id uuid not null,
    constraint bindings_pkey primary key (tenant_id, customer_id),
    constraint bindings_relation foreign key (tenant_id, relation_id)
        references distribution.relations (tenant_id, id)
);
select kernel.tenant_table('distribution.bindings');

-- What is known of an order. Events may arrive in any order and twice; facts only grow.
create table distribution.order_facts (
    tenant_id uuid not null,
    order_id uuid not null,
    received_at timestamptz,
    constraint order_facts_pkey primary key (tenant_id, order_id)
);
select kernel.tenant_table('distribution.order_facts');

create table distribution.line_refunds (
    tenant_id uuid not null,
    order_id uuid not null,
    position integer not null,
    refunded_minor bigint not null check (refunded_minor >= 0),
    constraint line_refunds_pkey primary key (tenant_id, order_id, position)
);
select kernel.tenant_table('distribution.line_refunds');

create table distribution.commissions (
    tenant_id uuid not null,
    id uuid not null,
    order_id uuid not null,
    position integer not null,
    order_number text not null,
    promoter_id uuid not null,
    buyer_id uuid not null,
    share_id uuid,
    product_id uuid not null,
    product_title text not null,
    currency char(3) not null,
    base_minor bigint not null check (base_minor >= 0),
    rate_bp integer not null check (rate_bp between 0 and 5000),
    rate_source text not null check (rate_source in ('line', 'programme')),
    cap_bp integer not null,
    margin_minor bigint,
    amount_minor bigint not null check (amount_minor > 0),
    reversed_minor bigint not null default 0 check (reversed_minor between 0 and amount_minor),
    state text not null check (state in ('estimated', 'pending', 'available', 'reserved', 'paid', 'void', 'on_hold')),
    rule_version integer not null,
    paid_at timestamptz not null,
    hold_until timestamptz,
    constraint commissions_pkey primary key (tenant_id, id),
    constraint commissions_once unique (tenant_id, order_id, position),
    constraint commissions_promoter foreign key (tenant_id, promoter_id)
        references distribution.promoters (tenant_id, member_id),
    constraint commissions_held check (state not in ('pending', 'available') or hold_until is not null)
);
select kernel.tenant_table('distribution.commissions');
create index commissions_of_promoter on distribution.commissions (tenant_id, promoter_id, paid_at desc, id desc);
create index commissions_recent on distribution.commissions (tenant_id, paid_at desc, id desc);
create index commissions_held on distribution.commissions (tenant_id, hold_until) where state = 'pending';
