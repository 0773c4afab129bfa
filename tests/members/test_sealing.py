"""Phone numbers at rest: opened only where they were sealed, found only by whoever has the key."""

from __future__ import annotations

import base64

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from tests.members.builders import SECRET, an_address
from weike.kernel import TenantId
from weike.members import AddressSnapshot, PhoneSeal, TenantBox

seal = PhoneSeal(SECRET)
tenants = st.uuids().map(TenantId)
phones = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@given(tenant=tenants, phone=phones)
def test_what_is_sealed_opens_again_and_never_looks_the_same(tenant: TenantId, phone: str) -> None:
    first, second = seal.seal(tenant, phone), seal.seal(tenant, phone)
    assert first != second
    assert phone.encode() not in first
    assert seal.reveal(tenant, first) == seal.reveal(tenant, second) == phone
    # Another process with the same secret opens it too.
    assert PhoneSeal(SECRET).reveal(tenant, first) == phone


@given(tenant=tenants, other=tenants, phone=phones)
def test_another_shop_key_or_purpose_does_not_open_it(
    tenant: TenantId, other: TenantId, phone: str
) -> None:
    sealed = seal.seal(tenant, phone)
    if tenant != other:
        with pytest.raises(InvalidTag):
            seal.reveal(other, sealed)
        assert seal.find_by(tenant, phone) != seal.find_by(other, phone)
    with pytest.raises(InvalidTag):
        PhoneSeal("another secret").reveal(tenant, sealed)
    with pytest.raises(InvalidTag):
        TenantBox(SECRET, "wechat app").open(tenant, sealed)


@given(tenant=tenants, phone=phones, place=st.integers(0, 39), bit=st.integers(0, 7))
def test_a_changed_bit_is_found(tenant: TenantId, phone: str, place: int, bit: int) -> None:
    sealed = bytearray(seal.seal(tenant, phone))
    sealed[place] ^= 1 << bit
    with pytest.raises((InvalidTag, ValueError)):
        seal.reveal(tenant, bytes(sealed))


@given(tenant=tenants, one=phones, other=phones)
def test_the_hash_finds_one_number_and_no_other(tenant: TenantId, one: str, other: str) -> None:
    assert (seal.find_by(tenant, one) == seal.find_by(tenant, other)) == (one == other)
    assert PhoneSeal("another secret").find_by(tenant, one) != seal.find_by(tenant, one)


@given(tenant=tenants)
def test_an_address_in_an_order_opens_for_the_label(tenant: TenantId) -> None:
    plain = an_address()
    snapshot = AddressSnapshot(
        name=plain.name,
        phone_cipher=base64.b64encode(seal.seal(tenant, plain.phone)).decode(),
        phone_tail="8000",
        region_code=plain.region_code,
        province=plain.province,
        city=plain.city,
        district=plain.district,
        street=plain.street,
    )
    assert seal.open_address(tenant, snapshot) == plain
