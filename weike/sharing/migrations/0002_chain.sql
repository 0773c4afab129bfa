-- Walking a chain of shares: down to those who shared on, and to those who opened a share while signed in.
create index shares_of_parent on sharing.shares (tenant_id, parent_share_id) where parent_share_id is not null;
create index touches_signed_in on sharing.touches (tenant_id, share_id, at) where member_id is not null;
