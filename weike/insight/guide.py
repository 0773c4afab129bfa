"""The guided start: which of the first steps are done, asked of what is really there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import msgspec

from weike.kernel import Tx

StepDone = Callable[[Tx], Awaitable[bool]]

STEPS = ("shop", "product", "payment", "share", "first_order")


class Step(msgspec.Struct, kw_only=True):
    key: str
    done: bool


class Guide(msgspec.Struct, kw_only=True):
    steps: list[Step]


async def guide(tx: Tx, steps: Mapping[str, StepDone]) -> Guide:
    return Guide(steps=[Step(key=key, done=await steps[key](tx)) for key in STEPS])
