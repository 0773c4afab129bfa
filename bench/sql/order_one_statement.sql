-- The same order of two goods as one data-modifying statement: the least the database can do for one order.
\set a random(1, {skus})
\set b 1 + (:a + random(1, {skus} - 1) - 1) % {skus}
\set first least(:a, :b)
\set second greatest(:a, :b)
\set member random(1, {members})
\set order random(1, 140737488355327)
begin;
set local app.tenant_id = '{tenant}';
with goods as (
    select s.id, s.product_id, s.price_minor, s.cost_minor, p.title, row_number() over (order by s.id)::int - 1 as position
    from catalog.skus s join catalog.products p on p.tenant_id = s.tenant_id and p.id = s.product_id
    where s.tenant_id = '{tenant}' and p.tenant_id = '{tenant}' and s.id in (bench.id(1, :first), bench.id(1, :second)) and p.state = 'on_sale'
), brought as (
    select r.promoter_id from distribution.bindings b join distribution.relations r on r.tenant_id = b.tenant_id and r.id = b.relation_id
    where b.tenant_id = '{tenant}' and r.tenant_id = '{tenant}' and b.customer_id = bench.id(3, :member)
), addressed as (
    select a.id from members.addresses a where a.tenant_id = '{tenant}' and a.id = bench.id(4, :member) and a.member_id = bench.id(3, :member)
), locked as (
    select k.sku_id from inventory.stock k where k.tenant_id = '{tenant}' and k.sku_id in (bench.id(1, :first), bench.id(1, :second)) and k.on_hand - k.reserved >= 1 order by k.sku_id for update
), stocked as (
    update inventory.stock k set reserved = k.reserved + 1 from locked l where k.tenant_id = '{tenant}' and k.sku_id = l.sku_id returning k.sku_id
), held as (
    insert into inventory.reservations (tenant_id, order_id, sku_id, quantity, until, at)
    select '{tenant}', bench.id(2, :order), sku_id, 1, now() + interval '30 minutes', now() from stocked
), placed as (
    insert into trade.orders (tenant_id, id, number, member_id, state, pay_state, fulfilment_state, refund_state, currency, goods_minor, discount_minor, freight_minor, payable_minor, address, remark, attribution, content_hash, placed_at, expires_at)
    select '{tenant}', bench.id(2, :order), :order::text, bench.id(3, :member), 'placed', 'unpaid', 'none', 'none', 'CNY', sum(price_minor), 0, 0, sum(price_minor), '{address}', '', '{attribution}', '\x00', now(), now() + interval '30 minutes'
    from goods where exists (select 1 from addressed) and (select count(*) from stocked) = 2
    returning id, payable_minor
), lines as (
    insert into trade.order_lines (tenant_id, order_id, position, sku_id, product_id, title, spec_text, quantity, unit_price_minor, list_minor, activity_minor, member_minor, full_reduction_minor, coupon_platform_minor, coupon_store_minor, points_minor, freight_share_minor, paid_minor, cost_minor)
    select '{tenant}', o.id, g.position, g.id, g.product_id, g.title, '', 1, g.price_minor, g.price_minor, 0, 0, 0, 0, 0, 0, 0, g.price_minor, g.cost_minor from goods g, placed o
), told as (
    insert into trade.order_events (tenant_id, order_id, id, kind, at, actor_kind, actor_id, reason)
    select '{tenant}', id, id, 'placed', now(), 'member', bench.id(3, :member), '' from placed
), moved as (
    insert into ledger.transfers (tenant_id, id, kind, reason, source_type, source_id, at)
    select '{tenant}', bench.id(5, :order), 'order_placed', '', 'order', id, now() from placed
), booked as (
    insert into ledger.entries (tenant_id, transfer_id, position, account, owner_id, amount_minor, currency, at)
    select '{tenant}', bench.id(5, :order), x.position, x.account, '00000000-0000-0000-0000-000000000000', x.sign * o.payable_minor, 'CNY', now()
    from placed o, (values (0, 'buyer_due', 1), (1, 'orders_open', -1)) as x(position, account, sign)
)
insert into kernel.outbox (tenant_id, at, id, subscriber, topic, payload, next_at)
select '{tenant}', now(), bench.id(6, :order), 'bench', 'trade.order_placed', '{event}', now() + interval '1 day' from placed;
commit;
