"""What sharing knows about a person. Touches are evidence that nobody changes; after a deletion
their member stands for nobody, and they go with their month."""

from __future__ import annotations

from weike.kernel.personal import Holding, PersonalData

PERSONAL_DATA = PersonalData(
    "sharing",
    (
        Holding("shares", "sharing.shares", of="t.sharer_id = $2", without=("key",), is_kept=True),
        Holding("visits", "sharing.touches", is_kept=True),
    ),
)
