"""The people of the demo shop are many, different, and nobody real."""

import re

from weike.entry.demo.art import gallery
from weike.entry.demo.people import people


def test_there_are_three_hundred_people_and_forty_of_them_are_promoters() -> None:
    assert len(people()) == 300
    assert sum(person.is_promoter for person in people()) == 40


def test_nicknames_and_phones_are_unique() -> None:
    assert len({person.nickname for person in people()}) == 300
    assert len({person.phone for person in people()}) == 300


def test_phones_look_like_mobiles_but_belong_to_no_person() -> None:
    assert all(re.fullmatch(r"1420000\d{4}", person.phone) for person in people())


def test_streets_say_that_they_are_invented() -> None:
    assert all("示例" in person.address.detail for person in people())


def test_people_live_in_every_region() -> None:
    places = {(person.address.province, person.address.city) for person in people()}
    assert len(places) >= 30


def test_every_face_is_in_the_gallery_and_worn() -> None:
    faces = {name for name in gallery.names() if name.startswith("avatar-")}
    assert {person.avatar for person in people()} == faces
