"""Values and rules of tenancy: shops, their settings, staff, what makes a slug, login, password.

Pure: no SQL, no clock, no web.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from weike.kernel import TenantId
from weike.tenancy.errors import BadLogin, BadSlug, PasswordTooWeak

StaffState = Literal["active", "disabled"]

SESSION_IDLE = timedelta(hours=12)
"""A staff session ends this long after it was last used."""
SESSION_LIFE = timedelta(days=7)
"""However busy, a staff session ends this long after the sign-in."""
SLIDE_EVERY = timedelta(minutes=1)
"""Using a session moves its end at most this often, so that reads stay reads."""

PASSWORD_LENGTH = (8, 128)

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{2,63}")
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,30}[a-z0-9])")
_SLUGS_OF_THE_PRODUCT = frozenset(
    "admin api app assets console docs e hooks login m media open platform promoter s shop "
    "sign-in sign-up static supplier support system weike www".split()
)
_COMMON_PASSWORDS = frozenset(
    "12345678 123456789 1234567890 11111111 88888888 87654321 abc12345 abcd1234 a1234567 "
    "a12345678 admin123 admin888 iloveyou letmein1 password passw0rd password1 q1w2e3r4 "
    "qwer1234 qwertyui qwerty123 woaini1314 wang1234".split()
)


class ShopSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What a merchant decides about the shop; days and minutes are counted by the trade."""

    currency: str = "CNY"
    time_zone: str = "Asia/Shanghai"
    intro: str = ""
    contact_phone: str = ""
    licence_name: str = ""
    licence_no: str = ""
    allow_negative_margin: bool = False
    """Whether an order may cost the merchant more than it brings."""
    channel_fee_bp: int = 60
    """What payment channels keep of every payment, as the merchant estimates it."""
    order_expire_minutes: int = 30
    auto_receive_days: int = 10
    after_sale_days: int = 7
    return_name: str = ""
    """Where buyers send goods back to, unless staff give another address."""
    return_phone: str = ""
    return_address: str = ""


class Tenant(msgspec.Struct, frozen=True, kw_only=True):
    """A merchant and their shop."""

    tenant_id: TenantId
    slug: str
    shop_no: int
    name: str
    currency: str
    time_zone: str
    logo_media_id: UUID | None
    state: str
    settings: ShopSettings
    created_at: datetime


class Role(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    name: str
    permissions: list[str]


class StaffMember(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    login: str
    name: str
    state: StaffState
    roles: list[str]
    last_seen_at: datetime | None


def login_of(text: str) -> str:
    """The one spelling a login is kept and found by. Refuses with BadLogin."""
    login = unicodedata.normalize("NFKC", text).strip().lower()
    if not _LOGIN.fullmatch(login):
        raise BadLogin(field="login")
    return login


def login_or_none(text: str) -> str | None:
    """For signing in, where a login that cannot exist is answered like a wrong password."""
    try:
        return login_of(text)
    except BadLogin:
        return None


def slug_of(text: str) -> str:
    """Refuses with BadSlug."""
    slug = text.strip().lower()
    if not _SLUG.fullmatch(slug) or slug in _SLUGS_OF_THE_PRODUCT:
        raise BadSlug(field="slug")
    return slug


def check_password(password: str, *, login: str) -> None:
    """Length first, then what everybody would try. Refuses with PasswordTooWeak."""
    shortest, longest = PASSWORD_LENGTH
    plain = password.casefold()
    if (
        not shortest <= len(password) <= longest
        or len(set(plain)) < 4
        or plain in _COMMON_PASSWORDS
        or plain in (login, login[::-1])
    ):
        raise PasswordTooWeak(field="password", shortest=shortest)


def session_end(created_at: datetime, *, now: datetime) -> datetime:
    """When a session used at `now` will end if it is not used again."""
    return min(now + SESSION_IDLE, created_at + SESSION_LIFE)
