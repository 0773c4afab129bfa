"""The edge: policies, problems, idempotent answers, kept reads, ETags, safe headers."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import asyncpg
import httpx
import msgspec
import pytest
from litestar import get, post

from weike.kernel import Conflict, Database, Record, TenantId, Tx, utc_now, uuid7
from weike.kernel.edge import ANYONE, MEMBER, SHOP, Caller, CallerKind, cached, limited, staff
from weike.kernel.edge.application import Edge, build_web
from weike.kernel.edge.guard import RouteWithoutPolicy
from weike.kernel.edge.metrics import Metrics
from weike.kernel.edge.reads import KeptReads
from weike.kernel.texts import Texts, load_texts

BUYER, CLERK = UUID(int=11), UUID(int=12)


class OutOfTea(Conflict):
    """There is no more tea."""

    code = "tea.out"


class Sip(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    cups: Annotated[int, msgspec.Meta(ge=1, le=9)]


class Count(msgspec.Struct):
    value: int


async def _count_up(tx: Tx) -> Count:
    value = await tx.fetchval(
        "insert into kernel.counters (tenant_id, kind, value) values ($1, 'sip', 1) "
        "on conflict (tenant_id, kind) do update set value = counters.value + 1 returning value",
        tx.tenant_id,
    )
    tx.public_changed()
    return Count(value)


async def _count(tx: Tx) -> Count:
    found = await tx.fetchval(
        "select value from kernel.counters where tenant_id = $1 and kind = 'sip'", tx.tenant_id
    )
    return Count(found or 0)


@get("/api/shop/count", opt=cached(SHOP, seconds=60), operation_id="count")
async def count(caller: Caller, database: Database) -> Count:
    return await database.run(caller.tenant_id, _count)


@post("/api/shop/sips", opt=MEMBER, operation_id="sip")
async def sip(caller: Caller, database: Database, data: Sip, now: datetime) -> Count:
    assert now.tzinfo is not None
    assert caller.member_id == BUYER
    return await database.run(caller.tenant_id, _count_up)


@get("/api/console/tea", opt=staff("tea.read"), operation_id="tea")
async def tea(caller: Caller) -> dict[str, str]:
    return {"staff": str(caller.staff_id)}


@get("/api/shop/refused", opt=SHOP, operation_id="refused")
async def refused() -> None:
    raise OutOfTea(field="cups", left=0)


@get("/api/shop/broken", opt=ANYONE, operation_id="broken")
async def broken() -> None:
    raise RuntimeError("the phone number is 13800138000")


@get("/api/shop/often", opt=limited(ANYONE, per_minute=60, burst=2), operation_id="often")
async def often() -> None:
    return None


class KnownPeople:
    def __init__(self) -> None:
        self.tea, self.toys = (TenantId(uuid7(utc_now())) for _ in range(2))

    async def shop(self, *, slug: str | None, host: str) -> TenantId | None:
        return {"tea": self.tea, "toys": self.toys}.get(slug or host.partition(".")[0])

    async def member(self, token: str) -> Caller | None:
        return Caller(CallerKind.MEMBER, self.tea, BUYER) if token == "m_buyer" else None

    async def staff(self, token: str) -> Caller | None:
        allowed = {"s_clerk": frozenset({"tea.read"}), "s_new": frozenset[str]()}
        if token not in allowed:
            return None
        return Caller(CallerKind.STAFF, self.tea, CLERK, permissions=allowed[token])


@dataclass
class Shop:
    client: httpx.AsyncClient
    metrics: Metrics
    reads: KeptReads = field(default_factory=KeptReads)


@pytest.fixture
async def shop(pool: asyncpg.Pool[Record]) -> AsyncIterator[Shop]:
    kernel = load_texts(["kernel"])
    sentences = {language: {key: kernel.say(key, language) for key in kernel.keys(language)}
                 for language in ("zh", "en")}  # fmt: skip
    sentences["zh"]["tea.out"] = "茶叶卖完了，还剩 {left} 件"
    sentences["en"]["tea.out"] = "The tea has run out: {left} left."
    reads, metrics = KeptReads(), Metrics()
    database = Database(pool, listeners={}, clock=utc_now, on_public_change=reads.forget)
    web = build_web(
        [count, sip, tea, refused, broken, often],
        Edge(
            doors=KnownPeople(),
            database=database,
            clock=utc_now,
            texts=Texts(sentences),
            reads=reads,
            metrics=metrics,
            metrics_token="for machines",
        ),
        dependencies={},
    )
    transport: Any = httpx.ASGITransport(app=web.application)
    async with httpx.AsyncClient(transport=transport, base_url="http://tea.example") as client:
        yield Shop(client, metrics, reads)


def _signed_in(token: str, **more: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}", **more}


async def test_a_route_without_a_policy_cannot_start(database: Database) -> None:
    @get("/api/open-door", operation_id="open_door")
    async def open_door() -> None:
        return None

    edge = Edge(
        doors=KnownPeople(),
        database=database,
        clock=utc_now,
        texts=Texts({"zh": {}, "en": {}}),
        reads=KeptReads(),
        metrics=Metrics(),
        metrics_token="x",
    )
    with pytest.raises(RouteWithoutPolicy, match="open_door"):
        build_web([open_door], edge, dependencies={})


async def test_a_refusal_speaks_the_readers_language(shop: Shop) -> None:
    answer = await shop.client.get(
        "/api/shop/refused", headers={"accept-language": "en-GB,zh;q=0.5"}
    )
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem == {
        "type": "urn:weike:tea.out",
        "title": "This is not possible in the present state. Please reload and try again.",
        "status": 409,
        "code": "tea.out",
        "detail": "The tea has run out: 0 left.",
        "request_id": answer.headers["x-request-id"],
        "field": "cups",
        "facts": {"left": 0},
    }
    answer = await shop.client.get("/api/shop/refused")
    assert answer.json()["detail"] == "茶叶卖完了，还剩 0 件"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        (_signed_in("s_unknown"), 401),
        (_signed_in("m_buyer"), 401),
        (_signed_in("s_new"), 403),
        (_signed_in("s_clerk"), 200),
    ],
)
async def test_staff_routes_ask_for_their_permission(
    shop: Shop, headers: dict[str, str], status: int
) -> None:
    answer = await shop.client.get("/api/console/tea", headers=headers)
    assert answer.status_code == status
    if status == 401:
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        (_signed_in("s_clerk"), 401),
        (_signed_in("m_buyer"), 201),
        (_signed_in("m_buyer", **{"x-shop": "tea"}), 201),
        (_signed_in("m_buyer", **{"x-shop": "toys"}), 401),
        (_signed_in("m_buyer", **{"x-shop": "nowhere"}), 401),
    ],
)
async def test_a_members_token_counts_in_its_own_shop_only(
    shop: Shop, headers: dict[str, str], status: int
) -> None:
    answer = await shop.client.post("/api/shop/sips", json={"cups": 1}, headers=headers)
    assert answer.status_code == status


async def test_an_unknown_shop_is_not_found(shop: Shop) -> None:
    answer = await shop.client.get("/api/shop/count", headers={"x-shop": "nowhere"})
    assert (answer.status_code, answer.json()["code"]) == (404, "kernel.no_shop")


@pytest.mark.parametrize(
    ("body", "field_name"),
    [
        (b'{"cups": 0}', "cups"),
        (b'{"cups": "many"}', "cups"),
        (b'{"cups": 1, "sugar": true}', "data"),
        (b"{}", "data"),
    ],
)
async def test_wrong_input_names_its_field(shop: Shop, body: bytes, field_name: str) -> None:
    answer = await shop.client.post("/api/shop/sips", content=body, headers=_signed_in("m_buyer"))
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "kernel.invalid")
    assert problem["field"] == field_name
    assert problem["errors"][0]["message"]


async def test_unreadable_input_is_refused(shop: Shop) -> None:
    answer = await shop.client.post(
        "/api/shop/sips", content=b"{nonsense", headers=_signed_in("m_buyer")
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "kernel.bad_request")


async def test_our_own_mistake_tells_nothing(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = await shop.client.get("/api/shop/broken")
    assert (answer.status_code, answer.json()["code"]) == (500, "kernel.unexpected")
    assert "13800138000" not in answer.text
    [record] = caplog.records
    assert record.__dict__["request_id"] == answer.headers["x-request-id"]


async def test_unknown_addresses_and_methods_are_problems_too(shop: Shop) -> None:
    assert (await shop.client.get("/nowhere")).json()["code"] == "kernel.not_found"
    answer = await shop.client.delete("/api/shop/count")
    assert (answer.status_code, answer.json()["code"]) == (405, "kernel.method_not_allowed")


async def test_the_same_key_gets_the_same_answer(shop: Shop) -> None:
    headers = _signed_in("m_buyer", **{"idempotency-key": "sip-1"})
    first = await shop.client.post("/api/shop/sips", json={"cups": 1}, headers=headers)
    again = await shop.client.post("/api/shop/sips", json={"cups": 1}, headers=headers)
    assert (first.status_code, first.json()) == (201, {"value": 1})
    assert (again.status_code, again.json()) == (201, {"value": 1})
    assert again.headers["idempotent-replay"] == "true"
    other = await shop.client.post("/api/shop/sips", json={"cups": 2}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "kernel.id_taken")
    free = await shop.client.post("/api/shop/sips", json={"cups": 1}, headers=_signed_in("m_buyer"))
    assert free.json() == {"value": 2}


async def test_a_read_is_kept_until_something_public_changes(shop: Shop) -> None:
    headers = {"x-shop": "tea"}
    first = await shop.client.get("/api/shop/count", headers=headers)
    assert first.json() == {"value": 0}
    kept = await shop.client.get("/api/shop/count", headers=headers)
    assert kept.headers["etag"] == first.headers["etag"]
    assert b"weike_kept_reads_total 1.0" in shop.metrics.show()

    etag = {"if-none-match": first.headers["etag"]}
    unchanged = await shop.client.get("/api/shop/count", headers=headers | etag)
    assert (unchanged.status_code, unchanged.content) == (304, b"")

    await shop.client.post("/api/shop/sips", json={"cups": 1}, headers=_signed_in("m_buyer"))
    changed = await shop.client.get("/api/shop/count", headers=headers | etag)
    assert (changed.status_code, changed.json()) == (200, {"value": 1})
    elsewhere = await shop.client.get("/api/shop/count", headers={"x-shop": "toys"})
    assert elsewhere.json() == {"value": 0}


async def test_an_answer_made_during_a_change_is_not_kept(tenant_id: TenantId) -> None:
    reads = KeptReads()
    key = ("shop:tea", "zh", b"/x", b"")
    before = reads.changes
    reads.forget(tenant_id)
    what: Any = {"headers": [], "etag": b'"1"', "body": b"{}", "seconds": 60}
    reads.keep(key, tenant_id=tenant_id, since_change=before, **what)
    assert reads.find(key) is None
    reads.keep(key, tenant_id=tenant_id, since_change=reads.changes, **what)
    assert reads.find(key) is not None


async def test_kept_reads_have_a_limit_and_an_end(tenant_id: TenantId) -> None:
    clock = [0.0]
    reads = KeptReads(monotonic=lambda: clock[0], bytes_kept=25)
    for number in range(3):
        reads.keep(
            ("shop:tea", "zh", b"/%d" % number, b""),
            tenant_id=tenant_id, since_change=0, headers=[], etag=b"", body=b"x" * 10, seconds=5,
        )  # fmt: skip
    assert reads.find(("shop:tea", "zh", b"/0", b"")) is None
    assert reads.find(("shop:tea", "zh", b"/2", b"")) is not None
    clock[0] = 6
    assert reads.find(("shop:tea", "zh", b"/2", b"")) is None


async def test_too_often_is_refused_with_a_time(shop: Shop) -> None:
    statuses = [(await shop.client.get("/api/shop/often")).status_code for _ in range(3)]
    answer = await shop.client.get("/api/shop/often")
    assert statuses == [200, 200, 429]
    assert answer.headers["retry-after"] == "1"


async def test_answers_carry_safe_headers(shop: Shop) -> None:
    answer = await shop.client.get("/healthz", headers={"x-request-id": "from-the-caller"})
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["x-request-id"] == "from-the-caller"
    odd = await shop.client.get("/healthz", headers={"x-request-id": "<script>"})
    assert odd.headers["x-request-id"] != "<script>"


async def test_machines_see_health_and_metrics(shop: Shop) -> None:
    assert (await shop.client.get("/readyz")).text == "ready\n"
    text = (await shop.client.get("/metrics")).text
    assert 'weike_requests_total{method="GET",route="/readyz",status="200"} 1.0' in text
    from_outside = {"x-forwarded-for": "203.0.113.9"}
    assert (await shop.client.get("/metrics", headers=from_outside)).status_code == 404
    token = _signed_in("for machines", **from_outside)
    assert (await shop.client.get("/metrics", headers=token)).status_code == 200


async def test_a_body_has_a_limit(shop: Shop) -> None:
    body = b'{"cups": 1, "note": "' + b"x" * 1_100_000 + b'"}'
    answer = await shop.client.post("/api/shop/sips", content=body, headers=_signed_in("m_buyer"))
    assert (answer.status_code, answer.json()["code"]) == (413, "kernel.too_large")
