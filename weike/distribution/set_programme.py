"""The merchant sets new commission rules: a new version, in force from now on, never backwards."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime

from weike import tenancy
from weike.distribution.compliance.check_plan import require_lawful
from weike.distribution.compliance.plan import Plan
from weike.distribution.errors import RateOverCap
from weike.distribution.model import Programme
from weike.distribution.queries import programmes
from weike.kernel import Tx
from weike.kernel.edge import Caller


async def set_programme(tx: Tx, wanted: Programme, *, by: Caller, now: datetime) -> Programme:
    """The new version; the same rules again make none.

    Refuses with RateOverCap, and with PlanUnlawful naming the article.
    """
    if wanted.rate_bp > wanted.cap_bp:
        raise RateOverCap(field="rate_bp", cap_bp=wanted.cap_bp)
    await require_lawful(
        tx, Plan(rate_bp=wanted.rate_bp, cap_bp=wanted.cap_bp, hold_days=wanted.hold_days)
    )
    current = await programmes.programme_at(tx, now)
    if replace(wanted, version=current.version) == current:
        return current
    latest, _ = await programmes.latest_version(tx)
    programme = replace(wanted, version=latest + 1)
    await programmes.insert_programme(tx, programme, effective_at=now, created_by=by.staff_id)
    await tenancy.record_audit(
        tx,
        actor=by,
        action="programme.changed",
        subject_type="programme",
        subject_id=by.tenant_id,
        detail=asdict(programme),
        now=now,
    )
    return programme
