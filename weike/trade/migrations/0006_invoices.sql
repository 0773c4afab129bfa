-- Invoices as requests: who asked for which order, in whose name, and what the shop issued elsewhere.

create table trade.invoice_titles (
    tenant_id uuid not null,
    id uuid not null,
    member_id uuid not null,
    kind text not null constraint invoice_titles_kind check (kind in ('personal', 'company')),
    title text not null constraint invoice_titles_title check (length(title) between 1 and 100),
    tax_no text not null,
    email text not null,
    is_default boolean not null,
    updated_at timestamptz not null,
    constraint invoice_titles_pkey primary key (tenant_id, id),
    constraint invoice_titles_tax_no check ((kind = 'company') = (tax_no <> ''))
);
select kernel.tenant_table('trade.invoice_titles');
create index invoice_titles_of on trade.invoice_titles (tenant_id, member_id);

-- requested -> issued | refused; issued -> sent; issued, sent -> red. The amount follows refunds while
-- nothing is issued; afterwards red_minor says how much of it was given back and has to be reversed.
create table trade.invoices (
    tenant_id uuid not null,
    id uuid not null,
    number text not null,
    order_id uuid not null,
    member_id uuid not null,
    kind text not null constraint invoices_kind check (kind in ('personal', 'company')),
    title text not null,
    tax_no text not null,
    email text not null,
    currency char(3) not null,
    amount_minor bigint not null constraint invoices_amount check (amount_minor >= 0),
    red_minor bigint not null default 0 constraint invoices_red check (red_minor between 0 and amount_minor),
    state text not null
        constraint invoices_state check (state in ('requested', 'issued', 'sent', 'refused', 'red')),
    invoice_no text not null default '',
    red_no text not null default '',
    file_name text,
    link text,
    reason text not null default '',
    requested_at timestamptz not null,
    issued_at timestamptz,
    sent_at timestamptz,
    ended_at timestamptz,
    constraint invoices_pkey primary key (tenant_id, id),
    constraint invoices_number_once unique (tenant_id, number),
    constraint invoices_of_order foreign key (tenant_id, order_id) references trade.orders (tenant_id, id),
    constraint invoices_issued check (state not in ('issued', 'sent', 'red') or invoice_no <> ''),
    constraint invoices_reversed check ((state = 'red') = (red_no <> ''))
);
select kernel.tenant_table('trade.invoices');
create unique index invoices_one_living on trade.invoices (tenant_id, order_id)
    where state in ('requested', 'issued', 'sent');
create index invoices_newest on trade.invoices (tenant_id, requested_at desc, id desc);
create index invoices_of_member on trade.invoices (tenant_id, member_id, requested_at desc, id desc);
