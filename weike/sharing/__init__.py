"""Sharing: signed links that say who shared what, through which channel and which earlier share.

Promises: a code names nobody and cannot be guessed; every visit through a link is kept as evidence
and never changed; a member's own visits are not counted. Who earns from a share is decided above,
in `distribution`.
"""

from weike.sharing.chain import chain_of, sharers_of
from weike.sharing.errors import NothingToShare, UnknownShare
from weike.sharing.events import ShareTouched
from weike.sharing.make_share import make_share, share_of_code, shares_of_codes
from weike.sharing.model import Channel, Share, ShareCodes, ShareKind, TouchEvent
from weike.sharing.queries import (
    count_shares,
    shared_since,
    shares_of,
    touched_since,
    visitors_by_day,
    visits_between,
)
from weike.sharing.record_touches import Touch, record_touches

__all__ = [
    "Channel",
    "NothingToShare",
    "Share",
    "ShareCodes",
    "ShareKind",
    "ShareTouched",
    "Touch",
    "TouchEvent",
    "UnknownShare",
    "chain_of",
    "count_shares",
    "make_share",
    "record_touches",
    "share_of_code",
    "shared_since",
    "sharers_of",
    "shares_of",
    "shares_of_codes",
    "touched_since",
    "visitors_by_day",
    "visits_between",
]
