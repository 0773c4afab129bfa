-- Which freight template a product takes; templates are trade's, so the id is all that is known here.

alter table catalog.products add column freight_template_id uuid;
