"""How to sign in to the demo shop: kept in `demo.json` in the data folder, for its owner's eyes."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from uuid import UUID

import msgspec

_FILE = "demo.json"
# Without letters that look alike.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class StaffAccess(msgspec.Struct, frozen=True, kw_only=True):
    role: str
    title: str
    name: str
    login: str
    password: str


class PhoneAccess(msgspec.Struct, frozen=True, kw_only=True):
    """A person of the demo who signs in with the code that arrives in the sandbox's inbox."""

    nickname: str
    phone: str


class Access(msgspec.Struct, frozen=True, kw_only=True):
    shop_id: UUID
    slug: str
    is_open: bool
    """False while the past is being made up; a shop that was left so is given up."""
    staff: tuple[StaffAccess, ...]
    buyer: PhoneAccess
    promoter: PhoneAccess
    shop_url: str
    sms_url: str | None

    def lines(self) -> list[tuple[str, str]]:
        """For people to read, Chinese and English."""
        code = self.sms_url or "—"
        return [
            ("演示店铺 Demo shop", self.shop_url),
            *(
                (
                    f"后台 {person.title} Console {person.role}",
                    f"{person.login} / {person.password}",
                )
                for person in self.staff
            ),
            ("手机买家 Buyer's phone", f"{self.buyer.phone} ({self.buyer.nickname})"),
            ("手机推广员 Promoter's phone", f"{self.promoter.phone} ({self.promoter.nickname})"),
            ("短信验证码收件箱 Codes arrive at", code),
        ]


def new_password() -> str:
    """Sixty bits in three groups that can be typed."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
    return "-".join(groups)


def read_access(folder: Path) -> Access | None:
    try:
        return msgspec.json.decode((folder / _FILE).read_bytes(), type=Access)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def write_access(folder: Path, access: Access) -> None:
    # Written beside and renamed: a crash leaves the old file, never half of the new one.
    fresh = folder / f"{_FILE}.new"
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(access), indent=2) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / _FILE)
