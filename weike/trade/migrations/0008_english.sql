-- What was bought, in the words an English reader chose it by; empty where the merchant wrote none.

alter table trade.order_lines add column spec_text_en text not null default '';
