"""Stock: what lies on the shelf, what is promised, and why the shelf changed.

Available is on_hand minus reserved and never below zero. A hold belongs to an order and ends
exactly once: taken (paid), or released (cancelled); what was taken can be restored (refunded
before shipping). Whoever locks several rows locks them by sku_id.
"""

from weike.inventory.end_holds import release, restore, take
from weike.inventory.hold_many import HoldAsk, Shortage, decide_holds, hold_many, holding
from weike.inventory.set_on_hand import StockReason, available, on_hand, set_on_hand

__all__ = [
    "HoldAsk",
    "Shortage",
    "StockReason",
    "available",
    "decide_holds",
    "hold_many",
    "holding",
    "on_hand",
    "release",
    "restore",
    "set_on_hand",
    "take",
]
