"""A hot route answers everything as the same route does that the framework calls."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import asyncpg
import httpx
import msgspec
import pytest
from litestar import Response, get, post

from tests.web import OpenDoors
from weike.kernel import Conflict, Database, Record, TenantId, Tx, utc_now, uuid7
from weike.kernel.edge import MEMBER, SHOP, Caller, hot, limited, staff
from weike.kernel.edge.application import Edge, build_web
from weike.kernel.edge.hot_routes import HotRoutes, UnfitForHot
from weike.kernel.edge.metrics import Metrics
from weike.kernel.edge.reads import KeptReads
from weike.kernel.texts import load_texts
from weike.kernel.words import Words

BUYER, OTHER = UUID(int=11), UUID(int=12)
GROUP = "018f3f5e-7a00-7000-8000-00000000000a"
NOW = datetime.fromisoformat("2026-11-11T00:00:00+00:00")


class Full(Conflict):
    """No place is left."""

    code = "kernel.conflict"


class Wish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    id: UUID
    pieces: Annotated[int, msgspec.Meta(ge=1, le=9)]
    at: datetime | None = None
    note: Annotated[str, msgspec.Meta(max_length=20)] = ""


class Granted(msgspec.Struct, kw_only=True):
    id: UUID
    member: UUID | None
    tenant_is_known: bool
    at: datetime
    sentence: str
    pieces: int
    address: str
    group: UUID | None = None


def _routes(mark: Any) -> list[Any]:
    """The same routes; `mark` makes them hot or leaves them as they are."""

    @post("/api/shop/wishes", opt=mark(MEMBER), operation_id="wish")
    async def wish(
        data: Wish, caller: Caller, now: datetime, words: Words, client_address: str, tea: str
    ) -> Granted:
        assert tea == "wired"
        if data.pieces == 8:
            raise Full(field="pieces", left=3)
        if data.pieces == 9:
            raise RuntimeError("the phone number is 13800138000")
        return Granted(
            id=data.id,
            member=caller.member_id,
            tenant_is_known=caller.tenant_id is not None,
            at=data.at or now,
            sentence=words("kernel.conflict"),
            pieces=data.pieces,
            address=client_address,
        )

    @post("/api/shop/groups/{group_id:uuid}/join", opt=mark(SHOP), operation_id="join")
    async def join(
        data: Wish, caller: Caller, group_id: UUID, now: datetime, language: str
    ) -> Granted:
        return Granted(
            id=data.id,
            member=caller.member_or_none,
            tenant_is_known=True,
            at=now,
            sentence=language,
            pieces=data.pieces,
            address="",
            group=group_id,
        )

    @post("/api/console/wishes", opt=mark(staff("wishes.grant")), operation_id="grant")
    async def grant(data: Wish, caller: Caller) -> Granted:
        return Granted(
            id=data.id,
            member=caller.staff_id,
            tenant_is_known=True,
            at=NOW,
            sentence="",
            pieces=data.pieces,
            address="",
        )

    @post(
        "/api/shop/rare",
        opt=mark(limited(SHOP, per_minute=60, burst=1)),
        operation_id="rare",
        status_code=200,
    )
    async def rare(data: Wish, database: Database, caller: Caller) -> Granted:
        async def count(tx: Tx) -> int:
            value: int = await tx.fetchval(
                "insert into kernel.counters as c (tenant_id, kind, value) "
                "values ($1, 'rare', 1) on conflict (tenant_id, kind) "
                "do update set value = c.value + 1 returning value",
                tx.tenant_id,
            )
            return value

        return Granted(
            id=data.id,
            member=None,
            tenant_is_known=True,
            at=NOW,
            sentence="",
            pieces=await database.run(caller.tenant_id, count),
            address="",
        )

    return [wish, join, grant, rare]


class _Shops(OpenDoors):
    async def shop(self, *, slug: str | None, host: str) -> TenantId | None:
        return TenantId(UUID(int=2)) if slug == "toys" else await super().shop(slug=slug, host=host)


def _client(mark: Any, pool: asyncpg.Pool[Record], tenant_id: TenantId) -> httpx.AsyncClient:
    web = build_web(
        _routes(mark),
        Edge(
            doors=_Shops(tenant_id),
            database=Database(pool, listeners={}, clock=utc_now),
            clock=lambda: NOW,
            texts=load_texts(["kernel"]),
            reads=KeptReads(),
            metrics=Metrics(),
            metrics_token="for machines",
        ),
        dependencies={"tea": "wired"},
    )
    transport: Any = httpx.ASGITransport(app=web.application)
    return httpx.AsyncClient(transport=transport, base_url="http://shop.test")


class Both:
    """Says everything to the plain web and to the hot one, and compares what they answer."""

    def __init__(self, plain: httpx.AsyncClient, hot: httpx.AsyncClient) -> None:
        self._plain, self._hot = plain, hot

    async def post(self, path: str, **request: Any) -> httpx.Response:
        plain = await self._plain.post(path, **request)
        hot = await self._hot.post(path, **request)
        assert _said(hot) == _said(plain)
        return hot


def _said(answer: httpx.Response) -> tuple[object, ...]:
    headers = {k: v for k, v in answer.headers.items() if k != "x-request-id"}
    body = answer.content
    if body.startswith(b"{"):
        told = msgspec.json.decode(body)
        if told.get("request_id"):
            assert told.pop("request_id") == answer.headers["x-request-id"]
            headers.pop("content-length")
        body = msgspec.json.encode(told)
    return answer.status_code, headers, body


@pytest.fixture
async def both(pool: asyncpg.Pool[Record], tenant_id: TenantId) -> AsyncIterator[Both]:
    async with AsyncExitStack() as stack:
        plain = await stack.enter_async_context(_client(lambda opt: opt, pool, tenant_id))
        quick = await stack.enter_async_context(_client(hot, pool, tenant_id))
        yield Both(plain, quick)


def _wish(pieces: int = 2, **more: object) -> dict[str, object]:
    return {"id": str(uuid7(NOW)), "pieces": pieces, **more}


def _as(who: UUID = BUYER, **more: str) -> dict[str, str]:
    return {"authorization": f"Bearer m_{who}", **more}


async def test_the_hot_way_is_taken(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without this the comparisons below would compare the framework with itself."""
    answered: list[str] = []
    original = HotRoutes._answer

    async def noting(self: HotRoutes, route: Any, *rest: Any) -> Any:
        answered.append(route.path)
        return await original(self, route, *rest)

    monkeypatch.setattr(HotRoutes, "_answer", noting)
    assert (await both.post("/api/shop/wishes", json=_wish(), headers=_as())).status_code == 201
    await both.post(f"/api/shop/groups/{GROUP}/join", json=_wish())
    assert answered == ["/api/shop/wishes", "/api/shop/groups/{group_id}/join"]


@pytest.mark.parametrize("language", ["zh-CN,zh;q=0.9", "en-GB", ""])
async def test_answers_and_refusals_are_the_same(both: Both, language: str) -> None:
    async def say(status: int, body: object, **headers: str) -> None:
        answer = await both.post(
            "/api/shop/wishes", json=body, headers={"accept-language": language, **headers}
        )
        assert answer.status_code == status, answer.text

    await say(201, _wish(), **_as())
    await say(201, _wish(at="2026-11-11T08:00:00+08:00", note="茶"), **_as())
    await say(201, _wish(pieces="3"), **_as())  # type: ignore[arg-type] # As lax as ever.
    await say(409, _wish(8), **_as())
    await say(500, _wish(9), **_as())
    await say(401, _wish())
    await say(401, _wish(), authorization="Basic m_x")
    await say(401, _wish(), **{**_as(), "x-shop": "toys"})
    await say(422, {**_wish(), "more": 1}, **_as())
    await say(422, {"pieces": 2}, **_as())
    await say(422, _wish(0), **_as())
    await say(422, [], **_as())
    await say(422, _wish(id="not an id"), **_as())
    await say(401, {"pieces": 2})


@pytest.mark.parametrize(
    ("body", "status"), [(b"", 422), (b"{", 400), (b"null", 422), (b"\xff{}", 400)]
)
async def test_bodies_that_do_not_decode_are_the_frameworks(
    both: Both, body: bytes, status: int
) -> None:
    answer = await both.post("/api/shop/wishes", content=body, headers=_as())
    assert answer.status_code == status


async def test_odd_requests_are_the_frameworks(both: Both) -> None:
    wishes = "/api/shop/wishes"

    async def in_parts() -> AsyncIterator[bytes]:
        yield msgspec.json.encode(_wish())

    body = {"id": GROUP, "pieces": 1}
    assert (await both.post(f"{wishes}?a=1", json=body, headers=_as())).status_code == 201
    assert (await both.post(f"{wishes}/", json=body, headers=_as())).status_code == 201
    bad_host = {"host": "shop test", **_as()}
    assert (await both.post(wishes, json=body, headers=bad_host)).status_code == 400
    large = _wish(note="x" * 1_100_000)
    assert (await both.post(wishes, json=large, headers=_as())).status_code == 413
    assert (await both._hot.post(wishes, content=in_parts(), headers=_as())).status_code == 201


async def test_paths_name_uuids(both: Both) -> None:
    joined = await both.post(f"/api/shop/groups/{GROUP}/join", json=_wish(), headers=_as())
    assert joined.json()["group"] == GROUP
    visitor = await both.post(f"/api/shop/groups/{GROUP}/join", json=_wish())
    assert (visitor.status_code, visitor.json()["member"]) == (201, None)
    for wrong in ("nothing", GROUP[:-1], GROUP.upper() + "0"):
        answer = await both.post(f"/api/shop/groups/{wrong}/join", json=_wish())
        assert answer.status_code == 404
    assert (
        await both.post(f"/api/shop/groups/{GROUP.upper()}/join", json=_wish())
    ).status_code == 201


async def test_permissions_and_limits_are_kept(both: Both) -> None:
    clerk = {"authorization": f"Bearer s_{OTHER} wishes.grant"}
    newcomer = {"authorization": f"Bearer s_{OTHER} wishes.read"}
    for headers, status in ((clerk, 201), (newcomer, 403), (_as(), 401)):
        answer = await both.post("/api/console/wishes", json=_wish(), headers=headers)
        assert answer.status_code == status

    # A body that does not decode takes its turn once, not twice.
    assert (await both.post("/api/shop/rare", content=b"{")).status_code == 400
    answer = await both.post("/api/shop/rare", json=_wish())
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")


async def test_a_keyed_answer_is_given_again(
    pool: asyncpg.Pool[Record], tenant_id: TenantId
) -> None:
    keyed: Mapping[str, str] = {**_as(), "idempotency-key": "once"}
    async with _client(lambda opt: {**hot(opt), "rate": None}, pool, tenant_id) as client:
        body = _wish()
        first = await client.post("/api/shop/rare", json=body, headers=keyed)
        again = await client.post("/api/shop/rare", json=body, headers=keyed)
    assert first.json() == again.json()
    assert again.headers["idempotent-replay"] == "true"


async def test_a_route_that_needs_the_framework_cannot_be_hot(
    pool: asyncpg.Pool[Record], tenant_id: TenantId
) -> None:
    @post("/api/shop/a", opt=hot(SHOP), operation_id="a")
    async def unknown(data: Wish, nobody: str) -> Granted:
        raise NotImplementedError

    @post("/api/shop/b", opt=hot(SHOP), operation_id="b")
    async def no_body() -> Granted:
        raise NotImplementedError

    @post("/api/shop/c", opt=hot(SHOP), operation_id="c")
    async def whole_response(data: Wish) -> Response[bytes]:
        raise NotImplementedError

    @post("/api/shop/d/{name:str}", opt=hot(SHOP), operation_id="d")
    async def named(data: Wish, name: str) -> Granted:
        raise NotImplementedError

    @get("/api/shop/e", opt=hot(SHOP), operation_id="e")
    async def query(page: int) -> Granted:
        raise NotImplementedError

    edge = Edge(
        doors=OpenDoors(tenant_id),
        database=Database(pool, listeners={}, clock=utc_now),
        clock=utc_now,
        texts=load_texts(["kernel"]),
        reads=KeptReads(),
        metrics=Metrics(),
        metrics_token="",
    )
    for unfit in (unknown, no_body, whole_response, named, query):
        with pytest.raises(UnfitForHot):
            build_web([unfit], edge, dependencies={"nobody": ""} if unfit is not unknown else {})
