"""The merchant sets limits and the way of taxing: a new version, in force from now on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from weike import tenancy
from weike.distribution.errors import WithdrawalOutOfBounds
from weike.distribution.withdrawals import queries
from weike.distribution.withdrawals.model import PayoutRules
from weike.kernel import Tx
from weike.kernel.edge import Caller


async def set_payout_rules(
    tx: Tx, wanted: PayoutRules, *, by: Caller, now: datetime
) -> PayoutRules:
    """The same rules again make no version. Refuses with WithdrawalOutOfBounds."""
    if wanted.min_minor > wanted.max_minor:
        raise WithdrawalOutOfBounds(
            field="min_minor", least_minor=wanted.min_minor, most_minor=wanted.max_minor
        )
    current = await queries.rules_at(tx, now)
    if replace(wanted, version=current.version) == current:
        return current
    rules = replace(wanted, version=current.version + 1)
    await queries.insert_rules(tx, rules, effective_at=now, created_by=by.staff_id)
    await tenancy.record_audit(
        tx,
        actor=by,
        action="payout_rules.changed",
        subject_type="payout_rules",
        subject_id=by.tenant_id,
        detail={
            "version": rules.version,
            "min_minor": rules.min_minor,
            "max_minor": rules.max_minor,
            "two_people_from_minor": rules.two_people_from_minor,
            "tax_method": rules.tax_method.value,
            "reason": rules.reason,
        },
        now=now,
    )
    return rules
