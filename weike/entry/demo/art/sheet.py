"""One picture in the making: an SVG under construction, with shared gradients and filters.

Gradients, clips and filters are declared where they are used and deduplicated here; their ids
carry the name of the sheet, so several pictures can be inlined into one page.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from weike.entry.demo.art.colour import darker, lighter

Stop = tuple[float, str, float]
"""Offset, colour, opacity."""


def number(value: float) -> str:
    """A coordinate, short: two decimals are finer than any screen."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


class Sheet:
    """Collects shapes from back to front; `svg()` gives the finished text."""

    def __init__(self, name: str, width: int = 800, height: int = 800) -> None:
        self.name = name
        self.width = width
        self.height = height
        self._definitions: dict[str, str] = {}
        self._shapes: list[str] = []

    def svg(self) -> str:
        definitions = "".join(
            template.replace("{id}", key) for template, key in self._definitions.items()
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
            f'width="{self.width}" height="{self.height}">'
            f"<defs>{definitions}</defs>{''.join(self._shapes)}</svg>"
        )

    # Paint: what a shape is filled with.

    def _define(self, template: str) -> str:
        """Keeps `template` (with `{id}` in it) once, and gives the reference to it."""
        key = self._definitions.setdefault(template, f"{self.name}-{len(self._definitions)}")
        return f"url(#{key})"

    @staticmethod
    def _stops(stops: Sequence[Stop]) -> str:
        return "".join(
            f'<stop offset="{number(offset)}" stop-color="{colour}"'
            + (f' stop-opacity="{number(opacity)}"' if opacity < 1 else "")
            + "/>"
            for offset, colour, opacity in stops
        )

    def linear(
        self, *stops: Stop, start: tuple[float, float] = (0, 0), end: tuple[float, float] = (0, 1)
    ) -> str:
        return self._define(
            f'<linearGradient id="{{id}}" x1="{number(start[0])}" y1="{number(start[1])}" '
            f'x2="{number(end[0])}" y2="{number(end[1])}">{self._stops(stops)}</linearGradient>'
        )

    def radial(
        self, *stops: Stop, centre: tuple[float, float] = (0.36, 0.3), radius: float = 0.78
    ) -> str:
        return self._define(
            f'<radialGradient id="{{id}}" cx="{number(centre[0])}" cy="{number(centre[1])}" '
            f'r="{number(radius)}">{self._stops(stops)}</radialGradient>'
        )

    def fade(self, top: str, bottom: str) -> str:
        """From one colour above to another below."""
        return self.linear((0, top, 1), (1, bottom, 1))

    def round_shade(self, colour: str, *, gloss: float = 0.55) -> str:
        """The shade of a ball lit from the upper left."""
        return self.radial(
            (0, lighter(colour, gloss), 1),
            (0.35, lighter(colour, gloss * 0.25), 1),
            (0.68, colour, 1),
            (1, darker(colour, 0.32), 1),
        )

    def turned_shade(self, colour: str, *, gloss: float = 0.4) -> str:
        """The shade of an upright cylinder lit from the left."""
        return self.linear(
            (0, darker(colour, 0.22), 1),
            (0.12, darker(colour, 0.04), 1),
            (0.27, lighter(colour, gloss), 1),
            (0.45, colour, 1),
            (0.78, darker(colour, 0.12), 1),
            (1, darker(colour, 0.34), 1),
            end=(1, 0),
        )

    def blur(self, spread: float) -> str:
        return self._define(
            '<filter id="{id}" x="-60%" y="-60%" width="220%" height="220%">'
            f'<feGaussianBlur stdDeviation="{number(spread)}"/></filter>'
        )

    # Shapes: each is put in front of what is already there.

    def put(self, markup: str) -> None:
        self._shapes.append(markup)

    def path(self, d: str, fill: str = "none", *, opacity: float = 1, blur: float = 0) -> None:
        self.put(f'<path d="{d}" fill="{fill}"{self._look(opacity, blur)}/>')

    def line(
        self, d: str, colour: str, width: float, *, opacity: float = 1, cap: str = "round"
    ) -> None:
        self.put(
            f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{number(width)}" '
            f'stroke-linecap="{cap}" stroke-linejoin="round"{self._look(opacity, 0)}/>'
        )

    def ellipse(
        self,
        x: float,
        y: float,
        rx: float,
        ry: float | None = None,
        fill: str = "#000000",
        *,
        opacity: float = 1,
        blur: float = 0,
        turn: float = 0,
    ) -> None:
        """A circle when only one radius is given."""
        turned = f' transform="rotate({number(turn)} {number(x)} {number(y)})"' if turn else ""
        self.put(
            f'<ellipse cx="{number(x)}" cy="{number(y)}" rx="{number(rx)}" '
            f'ry="{number(rx if ry is None else ry)}" fill="{fill}"'
            f"{self._look(opacity, blur)}{turned}/>"
        )

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str,
        *,
        corner: float = 0,
        opacity: float = 1,
        blur: float = 0,
    ) -> None:
        self.put(
            f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" '
            f'height="{number(height)}" rx="{number(corner)}" fill="{fill}"'
            f"{self._look(opacity, blur)}/>"
        )

    def _look(self, opacity: float, blur: float) -> str:
        look = f' opacity="{number(opacity)}"' if opacity < 1 else ""
        return look + (f' filter="{self.blur(blur)}"' if blur else "")

    # Groups: everything put inside is moved, turned or cut together.

    @contextmanager
    def at(
        self, x: float, y: float, *, turn: float = 0, scale: float = 1, mirror: bool = False
    ) -> Iterator[None]:
        """A place of its own: inside, (0, 0) is at (x, y)."""
        transform = f"translate({number(x)} {number(y)})"
        if turn:
            transform += f" rotate({number(turn)})"
        if mirror:
            transform += f" scale({number(-scale)} {number(scale)})"
        elif scale != 1:
            transform += f" scale({scale:.4f})"
        self.put(f'<g transform="{transform}">')
        yield
        self.put("</g>")

    @contextmanager
    def inside(self, d: str) -> Iterator[None]:
        """Whatever is put in here shows only within the outline `d`."""
        clip = self._define(f'<clipPath id="{{id}}"><path d="{d}"/></clipPath>')
        self.put(f'<g clip-path="{clip}">')
        yield
        self.put("</g>")


Drawing = Callable[[Sheet], None]
Pictures = dict[str, Drawing]
"""Drawings by their names."""
