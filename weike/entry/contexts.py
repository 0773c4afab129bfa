"""The contexts of the product, lowest first: the order of migrations and of start-up."""

from importlib.resources import files

_CONTEXTS = (
    "kernel",
    "tenancy",
    "members",
    "catalog",
    "inventory",
    "ledger",
    "storefront",
    "content",
    "sharing",
    "payment",
    "trade",
    "distribution",
    "insight",
)


def contexts() -> tuple[str, ...]:
    """Those that this copy of the product has."""
    return tuple(name for name in _CONTEXTS if files("weike").joinpath(name).is_dir())
