-- What members agreed to and took back, what they asked of their data, and members who are gone.

alter table members.members drop constraint members_state;
alter table members.members add constraint members_state check (state in ('active', 'blocked', 'deleted'));

-- The last row of a member and purpose is what stands. `version` names the text that was read.
create table members.consents (
    tenant_id uuid not null,
    id uuid not null,
    member_id uuid not null,
    purpose text not null constraint consents_purpose
        check (purpose in ('profiling', 'reviews_chain', 'marketing')),
    version integer not null constraint consents_version check (version > 0),
    given boolean not null,
    source text not null constraint consents_source check (source in ('privacy', 'settings', 'review', 'deletion')),
    at timestamptz not null,
    constraint consents_pkey primary key (tenant_id, id),
    constraint consents_of_member foreign key (tenant_id, member_id) references members.members (tenant_id, id)
);
select kernel.tenant_table('members.consents');
select kernel.append_only('members.consents');
create index consents_of on members.consents (tenant_id, member_id, purpose, at desc, id desc);

-- An export: waiting → ready → expired. A deletion: waiting → done, withdrawn or refused.
create table members.privacy_requests (
    tenant_id uuid not null,
    id uuid not null,
    member_id uuid not null,
    kind text not null constraint privacy_requests_kind check (kind in ('export', 'deletion')),
    state text not null constraint privacy_requests_state
        check (state in ('waiting', 'ready', 'expired', 'done', 'withdrawn', 'refused')),
    reasons jsonb not null default '[]',
    requested_at timestamptz not null,
    due_at timestamptz not null,
    ended_at timestamptz,
    constraint privacy_requests_pkey primary key (tenant_id, id),
    constraint privacy_requests_of foreign key (tenant_id, member_id) references members.members (tenant_id, id)
);
select kernel.tenant_table('members.privacy_requests');
create unique index privacy_requests_one on members.privacy_requests (tenant_id, member_id, kind)
    where state = 'waiting';
create index privacy_requests_of_member on members.privacy_requests (tenant_id, member_id, requested_at desc);
create index privacy_requests_newest on members.privacy_requests (tenant_id, requested_at desc, id desc);
create index privacy_requests_due on members.privacy_requests (due_at) where state in ('waiting', 'ready');

-- The file itself, until it expires: no copy of personal data lies anywhere else.
create table members.export_files (
    tenant_id uuid not null,
    request_id uuid not null,
    content bytea not null,
    made_at timestamptz not null,
    constraint export_files_pkey primary key (tenant_id, request_id),
    constraint export_files_of foreign key (tenant_id, request_id)
        references members.privacy_requests (tenant_id, id)
);
select kernel.tenant_table('members.export_files');
