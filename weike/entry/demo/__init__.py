"""The demo shop 橙心小店: its goods, its people, its pictures, and a past that is made up.

Everything here is invented for demonstration. `catalogue` and `people` read package data;
`art.gallery` draws; `story` tells what happened; `opening` makes it so with the product's own
deeds.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from weike.entry.progress import Progress
    from weike.entry.wiring import House


async def open_demo(house: House, *, now: datetime, progress: Progress) -> list[tuple[str, str]]:
    """How to sign in, as labelled lines. Opens the shop on the first call; later ones are quick.

    No worker may run meanwhile: it would deliver the past's messages with today's payment service.
    Refuses with DemoDisagrees when the books of the new shop do not agree.
    """
    # Imported here: the processes that draw the pictures import this package and need no shop.
    from weike.entry.demo.opening import open_shop

    return (await open_shop(house, now=now, progress=progress)).lines()
