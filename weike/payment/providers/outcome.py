"""The former address of `weike.payment.outcome`, kept for the demo until it imports from there."""

from weike.payment.outcome import Ok

__all__ = ["Ok"]
