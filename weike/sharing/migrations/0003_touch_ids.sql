-- A touch that is sent again, minutes later or in another month, is found by its id.

create index touches_by_id on sharing.touches (tenant_id, id);
