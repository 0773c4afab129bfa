"""The edge: who may call a route, how a refusal is answered, what a request is given.

Handlers receive by name: `caller: Caller`, `database: Database`, `now: datetime`, `language: str`
("zh" or "en"), `texts: Texts`, `words: Words`, `client_address: str`, and what entry wires.
"""

from weike.kernel.edge.caller import Caller, CallerKind
from weike.kernel.edge.doors import Doors
from weike.kernel.edge.limits import allow, forget
from weike.kernel.edge.policy import (
    ANYONE,
    HOOK,
    MEMBER,
    SHOP,
    Policy,
    cached,
    hot,
    limited,
    policy_of,
    staff,
)
from weike.kernel.edge.refusals import refusing

__all__ = [
    "ANYONE",
    "HOOK",
    "MEMBER",
    "SHOP",
    "Caller",
    "CallerKind",
    "Doors",
    "Policy",
    "allow",
    "cached",
    "forget",
    "hot",
    "limited",
    "policy_of",
    "refusing",
    "staff",
]
