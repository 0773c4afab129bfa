-- A product's own rate may be up to 100 % (catalog); what is earned is held down by the programme's cap, not by this check.
alter table distribution.commissions drop constraint commissions_rate_bp_check;
alter table distribution.commissions add constraint commissions_rate_bp_check check (rate_bp between 0 and 10000);
