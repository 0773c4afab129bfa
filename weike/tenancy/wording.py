"""Names of roles and permissions as people read them, from `texts/`."""

from __future__ import annotations

from functools import cache

from weike.kernel.texts import Texts, load_texts


@cache
def _texts() -> Texts:
    return load_texts(("tenancy",))


def permission_name(key: str, language: str) -> str:
    return _texts().say(f"tenancy.permission.{key}", language)


def role_name(key: str, language: str) -> str:
    return _texts().say(f"tenancy.role.{key}", language)
