"""Promoters as values."""

from __future__ import annotations

from enum import StrEnum

AGREEMENT_VERSION = "2026-11"
"""The agreement a promoter accepts; its text is in texts/agreement_{zh,en}.toml."""


class PromoterState(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    """New orders are not attributed; commissions wait."""
    BANNED = "banned"
    QUIT = "quit"
    """New orders are not attributed; what was earned goes on."""


class PromoterKind(StrEnum):
    MEMBER = "member"
    EMPLOYEE = "employee"
    """Works for the shop."""
