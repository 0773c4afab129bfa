"""What is in hand once the story has been told; features that show themselves take it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from weike.entry.demo.merchant import Crew
from weike.entry.demo.past import Past
from weike.entry.demo.telling import Telling
from weike.entry.demo.till import Till
from weike.entry.wiring import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The demo shop as the story leaves it. `now` is when its first visitor arrives."""

    house: House
    past: Past
    crew: Crew
    till: Till
    telling: Telling
    now: datetime


Show: TypeAlias = Callable[[Scene], Awaitable[None]]
"""Does believable things through the product's own deeds; what it announces is delivered after."""
