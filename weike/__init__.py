"""Weike 微客: open-source social commerce, one folder per part of the business."""

__version__ = "0.1.0"
