-- The binding engine: its rules as a part of every programme version, what each happening came to, renewals and ends.

-- Null protection: nobody takes over; null validity: without end; null idle: never.
alter table distribution.programmes
    add column trigger text not null default 'click' check (trigger in ('click', 'register', 'order', 'paid')),
    add column audience text not null default 'all' check (audience in ('all', 'no_paid_order', 'new_member')),
    add column new_member_hours integer not null default 24 check (new_member_hours between 1 and 8760),
    add column renew_on text not null default 'none' check (renew_on in ('none', 'paid', 'click')),
    add column renew_days integer not null default 180 check (renew_days between 1 and 3650),
    add column conflict text not null default 'last_wins' check (conflict in ('first_wins', 'last_wins')),
    add column idle_days integer check (idle_days between 30 and 3650),
    add column employees_take_over boolean not null default true,
    add column customer_joins text not null default 'keep'
        check (customer_joins in ('keep', 'after_protection', 'at_once'));
alter table distribution.programmes alter column protect_days drop not null;
alter table distribution.programmes alter column validity_days drop not null;

alter table distribution.promoters
    add column kind text not null default 'member' check (kind in ('member', 'employee'));

-- A relation is never changed: what became of its end stands here, the newest row last.
create table distribution.relation_changes (
    tenant_id uuid not null,
    relation_id uuid not null,
    at timestamptz not null,
    kind text not null check (kind in ('renewed', 'taken_over', 'expired', 'idle', 'joined', 'moved')),
    expires_at timestamptz not null,
    reason text not null default '',
    actor_id uuid,
    constraint relation_changes_pkey primary key (tenant_id, relation_id, at, kind),
    constraint relation_changes_relation foreign key (tenant_id, relation_id)
        references distribution.relations (tenant_id, id)
);
select kernel.tenant_table('distribution.relation_changes');
select kernel.append_only('distribution.relation_changes');
-- The owner is under row-level security too while it is forced.
alter table distribution.relation_ends no force row level security;
alter table distribution.relation_changes no force row level security;
insert into distribution.relation_changes (tenant_id, relation_id, at, kind, expires_at)
select e.tenant_id, e.relation_id, e.ended_at,
       case e.reason when 'replaced' then 'taken_over' else e.reason end, e.ended_at
from distribution.relation_ends e;
alter table distribution.relation_changes force row level security;
drop table distribution.relation_ends;
delete from kernel.tables where name = 'distribution.relation_ends';

alter table distribution.relations drop constraint relations_reason_check;
alter table distribution.relations add constraint relations_reason_check
    check (reason in ('new', 'expired', 'replaced', 'taken_over', 'moved'));

-- The present end, so that nobody has to add up changes.
alter table distribution.bindings add column expires_at timestamptz;
alter table distribution.bindings no force row level security;
alter table distribution.relations no force row level security;
update distribution.bindings b set expires_at = r.expires_at
from distribution.relations r where r.tenant_id = b.tenant_id and r.id = b.relation_id;
alter table distribution.bindings force row level security;
alter table distribution.relations force row level security;
alter table distribution.bindings alter column expires_at set not null;

-- What every happening of a signed-in customer came to, for whoever asks why.
create table distribution.binding_decisions (
    tenant_id uuid not null,
    at timestamptz not null,
    id uuid not null,
    customer_id uuid not null,
    sharer_id uuid not null,
    share_id uuid,
    happening text not null check (happening in ('click', 'register', 'order', 'paid')),
    outcome text not null,
    relation_id uuid,
    until timestamptz,
    rule_version integer not null,
    constraint binding_decisions_pkey primary key (tenant_id, at, id)
) partition by range (at);
select kernel.partitioned('distribution.binding_decisions');
select kernel.tenant_table('distribution.binding_decisions');
select kernel.append_only('distribution.binding_decisions');
create index binding_decisions_of_customer on distribution.binding_decisions (tenant_id, customer_id, at);
create index binding_decisions_of_sharer on distribution.binding_decisions (tenant_id, sharer_id, at);

-- Who invited whom to become a promoter: one row for ever, written when somebody joins for the first time, so it can have no circle.
create table distribution.invitations (
    tenant_id uuid not null,
    promoter_id uuid not null,
    inviter_id uuid not null,
    share_id uuid,
    at timestamptz not null,
    constraint invitations_pkey primary key (tenant_id, promoter_id),
    constraint invitations_not_self check (promoter_id <> inviter_id),
    constraint invitations_of_promoter foreign key (tenant_id, promoter_id)
        references distribution.promoters (tenant_id, member_id),
    constraint invitations_by_promoter foreign key (tenant_id, inviter_id)
        references distribution.promoters (tenant_id, member_id)
);
select kernel.tenant_table('distribution.invitations');
select kernel.append_only('distribution.invitations');
create index invitations_by on distribution.invitations (tenant_id, inviter_id, at);
