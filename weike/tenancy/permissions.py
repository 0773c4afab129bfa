"""What staff may be allowed to do, and the roles every new shop begins with.

The names people read are in `texts/` under `tenancy.permission.*` and `tenancy.role.*`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PERMISSIONS: tuple[str, ...] = (
    "dashboard.read",
    "products.read",
    "products.write",
    "orders.read",
    "orders.ship",
    "orders.write_off",
    "orders.refund",
    "after_sales.decide",
    "reviews.read",
    "reviews.answer",
    "reviews.decide",
    "invoices.read",
    "invoices.write",
    "members.read",
    "members.write",
    "points.approve",
    "privacy.read",
    "promoters.read",
    "promoters.write",
    "commissions.read",
    "withdrawals.read",
    "withdrawals.approve",
    "ledger.read",
    "ledger.write",
    "staff.read",
    "staff.write",
    "audit.read",
    "settings.read",
    "settings.write",
    "system.read",
    "system.write",
)

OWNER = "owner"
"""The role that always grants everything."""

PRESET_ROLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        OWNER: PERMISSIONS,
        "merchandiser": (
            "dashboard.read",
            "products.read",
            "products.write",
            "settings.read",
        ),
        "operator": (
            "dashboard.read",
            "products.read",
            "products.write",
            "orders.read",
            "reviews.read",
            "reviews.answer",
            "members.read",
            "members.write",
            "promoters.read",
            "promoters.write",
            "commissions.read",
            "settings.read",
        ),
        "customer_service": (
            "products.read",
            "orders.read",
            "orders.ship",
            "orders.write_off",
            "orders.refund",
            "reviews.read",
            "reviews.answer",
            "invoices.read",
            "members.read",
            "promoters.read",
        ),
        "finance": (
            "dashboard.read",
            "orders.read",
            "orders.refund",
            "invoices.read",
            "invoices.write",
            "points.approve",
            "promoters.read",
            "commissions.read",
            "withdrawals.read",
            "withdrawals.approve",
            "ledger.read",
            "ledger.write",
            "audit.read",
            "settings.read",
        ),
        "compliance": (
            "products.read",
            "orders.read",
            "after_sales.decide",
            "reviews.read",
            "reviews.decide",
            "members.read",
            "privacy.read",
            "audit.read",
        ),
        "auditor": tuple(key for key in PERMISSIONS if key.endswith(".read")),
    }
)
"""In the order they are shown."""


def unknown_permissions(keys: frozenset[str]) -> frozenset[str]:
    return keys - frozenset(PERMISSIONS)
