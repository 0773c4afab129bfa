"""Who may review, and what a review weighs in the order of a list (docs/algorithms/reviews.md)."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import UTC, datetime, timedelta
from math import log2
from typing import Literal, get_args

REVIEW_WITHIN = timedelta(days=180)
"""From receipt to the review, and from the review to what is appended."""
DEVICE_KEPT = timedelta(days=180)

PICTURES_LIMIT = 9
TEXT_LIMIT = 1000
TAGS_LIMIT = 5

Tag = Literal[
    "as_described",
    "good_quality",
    "good_value",
    "well_packed",
    "fast_delivery",
    "kind_service",
    "not_as_described",
    "poor_quality",
    "poor_packing",
    "slow_delivery",
    "poor_service",
]
TAGS: tuple[str, ...] = get_args(Tag)
"""What can be ticked; `trade.review_tag.<tag>` in the texts."""

_LONG_TEXT = 40
_HALF_LIFE = timedelta(days=60)
_EPOCH = datetime(2025, 1, 1, tzinfo=UTC)
_ALIKE_FROM = 10


def may_review(*, received_at: datetime | None, now: datetime) -> bool:
    return received_at is not None and now <= received_at + REVIEW_WITHIN


def may_append(*, posted_at: datetime, appended_at: datetime | None, now: datetime) -> bool:
    return appended_at is None and now <= posted_at + REVIEW_WITHIN


def substance(*, pictures: int, text_length: int, is_appended: bool) -> float:
    """What a review weighs before anybody has voted."""
    return 1 + 0.5 * (pictures > 0) + 0.5 * (text_length >= _LONG_TEXT) + 0.5 * is_appended


def rank(*, votes: int, substance: float, posted_at: datetime) -> float:
    """Orders reviews by helpfulness that halves every sixty days, at any time alike."""
    return log2(votes + substance) + (posted_at - _EPOCH) / _HALF_LIFE


def fingerprint(text: str) -> bytes | None:
    """The same for the same words, whatever their spaces and signs; None for too few of them."""
    words = "".join(
        character
        for character in unicodedata.normalize("NFKC", text).casefold()
        if character.isalnum()
    )
    if len(words) < _ALIKE_FROM:
        return None
    return hashlib.blake2b(words.encode(), digest_size=16).digest()


def kept_hash(tenant: bytes, *parts: str) -> bytes:
    """What tells two things alike within a shop without keeping them."""
    content = "\0".join(parts).encode()
    return hashlib.blake2b(content, key=tenant, digest_size=16).digest()
