"""Couriers we know by code; their names are in the texts. A merchant may write another one."""

COURIERS = (
    "sf",
    "zto",
    "yto",
    "sto",
    "yunda",
    "jtsd",
    "jd",
    "ems",
    "deppon",
    "youzheng",
    "self",
)
