"""Tenancy: merchants and their shops, staff, roles and permissions, sign-in, the audit log.

It owns which shop a call is about and who of the merchant's people is calling, and promises that
an ended session, a lost role or a disabled person counts from the very next call on. Its audit log
is a chain in which a changed, removed or slipped-in record is found. Contexts above use the names
below: the shop and its settings, `record_audit`, rate limits, session tokens.
"""

from weike.tenancy.audit import AuditRecord, Verdict, record_audit, verify_audit
from weike.tenancy.doors import TenancyDoors
from weike.tenancy.events import ShopOpened
from weike.tenancy.limits import PLATFORM, Limit, count_attempt, use_limits
from weike.tenancy.manage_staff import add_staff, staff_names
from weike.tenancy.model import ShopSettings, Tenant
from weike.tenancy.passwords import Passwords
from weike.tenancy.permissions import OWNER, PERMISSIONS, PRESET_ROLES
from weike.tenancy.ports import NoShopFacts, ShopFacts
from weike.tenancy.questions import staff_name, staff_who_may
from weike.tenancy.shop import (
    change_shop,
    shop_no,
    shop_profile,
    shop_settings,
    tenant_by_shop_no,
    tenant_of,
)
from weike.tenancy.sign_up import SignedUp, SignUp, sign_up
from weike.tenancy.tokens import MEMBER as MEMBER_TOKEN
from weike.tenancy.tokens import Token, issue_token, read_token

__all__ = [
    "MEMBER_TOKEN",
    "OWNER",
    "PERMISSIONS",
    "PLATFORM",
    "PRESET_ROLES",
    "AuditRecord",
    "Limit",
    "NoShopFacts",
    "Passwords",
    "ShopFacts",
    "ShopOpened",
    "ShopSettings",
    "SignUp",
    "SignedUp",
    "TenancyDoors",
    "Tenant",
    "Token",
    "Verdict",
    "add_staff",
    "change_shop",
    "count_attempt",
    "issue_token",
    "read_token",
    "record_audit",
    "shop_no",
    "shop_profile",
    "shop_settings",
    "sign_up",
    "staff_name",
    "staff_names",
    "staff_who_may",
    "tenant_by_shop_no",
    "tenant_of",
    "use_limits",
    "verify_audit",
]
