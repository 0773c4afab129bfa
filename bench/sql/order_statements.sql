-- One order of two goods, statement by statement, as an application without batches sends it.
-- No order number is drawn from a counter here, which spares this script a row that all would wait for.
\set a random(1, {skus})
\set b 1 + (:a + random(1, {skus} - 1) - 1) % {skus}
\set first least(:a, :b)
\set second greatest(:a, :b)
\set member random(1, {members})
\set order random(1, 140737488355327)
begin;
set local app.tenant_id = '{tenant}';
select id from trade.orders where tenant_id = '{tenant}' and id = bench.id(2, :order);
select a.city, a.street from members.addresses a where a.tenant_id = '{tenant}' and a.id = bench.id(4, :member) and a.member_id = bench.id(3, :member);
select s.id, s.price_minor, s.cost_minor, p.title, p.state, p.commission_rate_bp from catalog.skus s join catalog.products p on p.tenant_id = s.tenant_id and p.id = s.product_id where s.tenant_id = '{tenant}' and s.id in (bench.id(1, :first), bench.id(1, :second));
select r.promoter_id, r.expires_at from distribution.bindings b join distribution.relations r on r.tenant_id = b.tenant_id and r.id = b.relation_id where b.tenant_id = '{tenant}' and r.tenant_id = '{tenant}' and b.customer_id = bench.id(3, :member);
update inventory.stock set reserved = reserved + 1 where tenant_id = '{tenant}' and sku_id = bench.id(1, :first) and on_hand - reserved >= 1;
update inventory.stock set reserved = reserved + 1 where tenant_id = '{tenant}' and sku_id = bench.id(1, :second) and on_hand - reserved >= 1;
insert into inventory.reservations (tenant_id, order_id, sku_id, quantity, until, at) values ('{tenant}', bench.id(2, :order), bench.id(1, :first), 1, now() + interval '30 minutes', now()), ('{tenant}', bench.id(2, :order), bench.id(1, :second), 1, now() + interval '30 minutes', now());
insert into trade.orders (tenant_id, id, number, member_id, state, pay_state, fulfilment_state, refund_state, currency, goods_minor, discount_minor, freight_minor, payable_minor, address, remark, attribution, content_hash, placed_at, expires_at) values ('{tenant}', bench.id(2, :order), :order::text, bench.id(3, :member), 'placed', 'unpaid', 'none', 'none', 'CNY', 3980, 0, 0, 3980, '{address}', '', '{attribution}', '\x00', now(), now() + interval '30 minutes');
insert into trade.order_lines (tenant_id, order_id, position, sku_id, product_id, title, spec_text, quantity, unit_price_minor, list_minor, activity_minor, member_minor, full_reduction_minor, coupon_platform_minor, coupon_store_minor, points_minor, freight_share_minor, paid_minor, cost_minor) values ('{tenant}', bench.id(2, :order), 0, bench.id(1, :first), bench.id(1, :first), 'goods', '', 1, 1990, 1990, 0, 0, 0, 0, 0, 0, 0, 1990, 900), ('{tenant}', bench.id(2, :order), 1, bench.id(1, :second), bench.id(1, :second), 'goods', '', 1, 1990, 1990, 0, 0, 0, 0, 0, 0, 0, 1990, 900);
insert into trade.order_events (tenant_id, order_id, id, kind, at, actor_kind, actor_id, reason) values ('{tenant}', bench.id(2, :order), bench.id(2, :order), 'placed', now(), 'member', bench.id(3, :member), '');
insert into ledger.transfers (tenant_id, id, kind, reason, source_type, source_id, at) values ('{tenant}', bench.id(5, :order), 'order_placed', '', 'order', bench.id(2, :order), now());
insert into ledger.entries (tenant_id, transfer_id, position, account, owner_id, amount_minor, currency, at) values ('{tenant}', bench.id(5, :order), 0, 'buyer_due', '00000000-0000-0000-0000-000000000000', 3980, 'CNY', now()), ('{tenant}', bench.id(5, :order), 1, 'orders_open', '00000000-0000-0000-0000-000000000000', -3980, 'CNY', now());
insert into kernel.outbox (tenant_id, at, id, subscriber, topic, payload, next_at) values ('{tenant}', now(), bench.id(6, :order), 'bench', 'trade.order_placed', '{event}', now() + interval '1 day');
commit;
