"""The people of the demo shop: members, promoters, and where their parcels go.

Nobody real is meant. Telephone numbers are 142 0000 xxxx: the series 140 to 144 is planned for
things, with thirteen digits, so an eleven-digit number in it belongs to no person, while it still
passes the usual check for a mobile number. Streets are invented and say so (示例), and their house
numbers start at 8000.
"""

from functools import cache
from importlib.resources import files

import msgspec

from weike.entry.demo.art.avatars import COUNT as AVATARS

PHONE_PREFIX = "1420000"


class PromoterText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    nickname: str
    introduction: str


class PeopleText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file `people.toml` as it is written."""

    promoters: tuple[PromoterText, ...]
    members: tuple[str, ...]
    regions: tuple[tuple[str, str, str, str], ...]
    streets: tuple[str, ...]
    estates: tuple[str, ...]


class Address(msgspec.Struct, frozen=True):
    province: str
    city: str
    district: str
    detail: str
    region_code: str


class Person(msgspec.Struct, frozen=True):
    number: int
    """From 0; promoters come first."""
    nickname: str
    introduction: str | None
    """Only promoters introduce themselves."""
    phone: str
    avatar: str
    """Its name in `art.gallery`."""
    address: Address

    @property
    def is_promoter(self) -> bool:
        return self.introduction is not None


@cache
def people() -> tuple[Person, ...]:
    """All three hundred, the same every time."""
    source = files("weike.entry.demo").joinpath("people.toml").read_bytes()
    text = msgspec.toml.decode(source, type=PeopleText)
    named = [(each.nickname, each.introduction) for each in text.promoters]
    everybody: list[tuple[str, str | None]] = [*named, *((name, None) for name in text.members)]
    return tuple(
        Person(
            number=number,
            nickname=nickname,
            introduction=introduction,
            phone=f"{PHONE_PREFIX}{number:04}",
            avatar=f"avatar-{number * 17 % AVATARS:02}",
            address=_address(text, number),
        )
        for number, (nickname, introduction) in enumerate(everybody)
    )


def _address(text: PeopleText, number: int) -> Address:
    """Spread over the regions by steps that share no factor with their count."""
    province, city, district, code = text.regions[number * 7 % len(text.regions)]
    street = text.streets[number * 3 % len(text.streets)]
    estate = text.estates[number * 5 % len(text.estates)]
    detail = (
        f"{street} {8000 + number * 13 % 1999} 号{estate} "
        f"{number % 18 + 1} 栋 {number % 6 + 1}0{number % 4 + 1} 室"
    )
    return Address(province, city, district, detail, code)
