"""Stock: what lies on the shelf, what is promised, and why the shelf changed.

Available is on_hand minus reserved and never below zero. A hold belongs to an order and ends
exactly once: taken (paid), or released (cancelled); what was taken comes back piece by piece
(refunded before shipping, sent back) and may be replaced. Whoever locks several rows locks them by
sku_id.
"""

from weike.inventory.bring_back import BackReason, bring_back, send_replacement
from weike.inventory.end_holds import release, take
from weike.inventory.hold_many import HoldAsk, Shortage, decide_holds, hold_many, holding
from weike.inventory.set_on_hand import StockReason, available, change_on_hand, on_hand, set_on_hand

__all__ = [
    "BackReason",
    "HoldAsk",
    "Shortage",
    "StockReason",
    "available",
    "bring_back",
    "change_on_hand",
    "decide_holds",
    "hold_many",
    "holding",
    "on_hand",
    "release",
    "send_replacement",
    "set_on_hand",
    "take",
]
