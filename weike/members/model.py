"""Values and rules of members: phone numbers, nicknames, addresses, where one may come back to.

Pure: no SQL, no clock, no web.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from weike.members.errors import BadPhone, ReturnNotAllowed

CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=5)
CODE_ATTEMPTS = 5
"""How often one code may be tried."""
RESEND_AFTER = timedelta(seconds=60)

SESSION_IDLE = timedelta(days=30)
"""A member's session ends this long after it was last used."""
SLIDE_EVERY = timedelta(days=1)

ADDRESSES_LIMIT = 50
NICKNAME_LENGTH = 30

_PHONE = re.compile(r"1[3-9][0-9]{9}")


class MemberCard(msgspec.Struct, frozen=True, kw_only=True):
    """What others may see of a member."""

    member_id: UUID
    nickname: str
    avatar_url: str | None
    phone_tail: str | None


class AddressSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """An address as an order keeps it; the phone number stays sealed (base64)."""

    name: str
    phone_cipher: str
    phone_tail: str
    region_code: str
    province: str
    city: str
    district: str
    street: str


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """Where a parcel goes, the phone number in clear."""

    name: str
    phone: str
    region_code: str
    province: str
    city: str
    district: str
    street: str


def masked_address(snapshot: AddressSnapshot) -> Address:
    """For those who read an order and do not send its parcel: which region, and enough of the
    name and the number to tell two buyers apart."""
    return Address(
        name=f"{snapshot.name[:1]}**",
        phone=f"*******{snapshot.phone_tail}",
        region_code=snapshot.region_code,
        province=snapshot.province,
        city=snapshot.city,
        district=snapshot.district,
        street="***",
    )


def phone_of(text: str) -> str:
    """Eleven digits, however they were written. Refuses with BadPhone."""
    digits = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", text))
    digits = re.sub(r"^(\+86|0086)", "", digits)
    if not _PHONE.fullmatch(digits):
        raise BadPhone(field="phone")
    return digits


def tail_of(phone: str) -> str:
    return phone[-4:]


def nickname_of(text: str) -> str:
    """Without control and direction characters, which could make one name look like another."""
    plain = "".join(
        character
        for character in unicodedata.normalize("NFC", text)
        if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
        or character == "\u200d"  # Joins emoji of families and professions.
    )
    return " ".join(plain.split())[:NICKNAME_LENGTH].strip()


def first_nickname(member_id: UUID) -> str:
    """For whoever did not bring a name: says nothing about the phone number."""
    return f"微友{member_id.hex[-4:].upper()}"


def masked_nickname(nickname: str) -> str:
    """What a promoter sees of a buyer: the first character."""
    return f"{nickname[:1]}**"


def session_end(*, now: datetime) -> datetime:
    return now + SESSION_IDLE


def return_address(return_to: str, origins: Sequence[str]) -> str:
    """Where WeChat sends the browser back to: a path here, or an address on an allowed origin.

    Refuses with ReturnNotAllowed. `//elsewhere`, backslashes and user parts, which browsers read
    in surprising ways, are refused whatever they would mean.
    """
    if not origins or "\\" in return_to or any(ord(c) <= 32 or ord(c) == 127 for c in return_to):
        raise ReturnNotAllowed(field="return_to")
    if return_to.startswith("/"):
        if return_to.startswith("//"):
            raise ReturnNotAllowed(field="return_to")
        return origins[0].rstrip("/") + return_to
    try:
        parts = urlsplit(return_to)
        _ = parts.port
    except ValueError as error:
        raise ReturnNotAllowed(field="return_to") from error
    if f"{parts.scheme}://{parts.netloc}".lower() not in [o.rstrip("/").lower() for o in origins]:
        raise ReturnNotAllowed(field="return_to")
    return return_to
