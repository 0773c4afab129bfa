"""A share code names nobody, fits a mini-program scene, and cannot be forged."""

import secrets
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from weike.sharing.model import CODE_LENGTH, ShareCodes

CODES = ShareCodes(secret=b"k" * 32)
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@given(st.integers(0, 2**32 - 1), st.uuids())
def test_a_code_gives_back_its_shop_and_key(shop_no: int, share_id: UUID) -> None:
    key = CODES.key_of(share_id)
    read = CODES.read(CODES.code(shop_no=shop_no, key=key))
    assert read is not None
    assert (read.shop_no, read.key) == (shop_no, key)


@given(st.uuids(), st.integers(0, CODE_LENGTH - 1), st.sampled_from(_ALPHABET))
def test_one_changed_letter_is_refused(share_id: UUID, place: int, letter: str) -> None:
    code = CODES.code(shop_no=7, key=CODES.key_of(share_id))
    changed = code[:place] + letter + code[place + 1 :]
    assert (CODES.read(changed) is None) == (changed != code)


@given(st.text(max_size=40))
def test_any_other_text_is_refused(text: str) -> None:
    assert CODES.read(text) is None


def test_a_code_fits_the_scene_of_a_mini_program_code() -> None:
    code = CODES.code(shop_no=2**32 - 1, key=b"\xff" * 8)
    assert len(code) == CODE_LENGTH <= 32
    assert set(code) <= set(_ALPHABET)


def test_another_platforms_code_is_refused() -> None:
    other = ShareCodes(secret=secrets.token_bytes(32))
    assert CODES.read(other.code(shop_no=7, key=other.key_of(uuid4()))) is None
