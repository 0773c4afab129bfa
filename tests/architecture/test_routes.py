"""Every route says who may call it, and keeps to it: tried with the wrong people, one by one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import httpx
import pytest
from litestar import get
from litestar.handlers import HTTPRouteHandler

from tests.architecture.two_shops import TwoShops
from weike.entry.api_file import router_without_a_house
from weike.entry.wiring import DEPENDENCIES
from weike.kernel.edge import ANYONE, staff
from weike.kernel.edge.application import handlers_of
from weike.kernel.edge.policy import policy_of
from weike.tenancy import PERMISSIONS

HANDLERS = sorted(
    handlers_of(router_without_a_house()), key=lambda handler: str(handler.operation_id)
)
OF_MEMBERS = [h for h in HANDLERS if (p := policy_of(h.opt)) and p.who == "member"]
"""Staff of one shop share what the shop has; members share nothing."""
GUARDED = [h for h in HANDLERS if (p := policy_of(h.opt)) and p.who in ("member", "staff")]
OPEN_TO_ANYONE = {
    *("health", "metrics", "ready", "media", "open_share", "sign_up", "staff_sign_in"),
}
"""Whoever opens another route to everybody says so here, for the reader of the change."""


def faults_of_routes(handlers: Sequence[HTTPRouteHandler]) -> list[str]:
    faults = []
    operations: set[str] = set()
    for handler in handlers:
        policy, name = policy_of(handler.opt), str(handler)
        if policy is None:
            faults.append(f"{name} has no policy")
        elif policy.permission is not None and policy.permission not in PERMISSIONS:
            faults.append(f"{name} asks for the unknown permission {policy.permission}")
        elif policy.who == "anyone" and handler.operation_id not in OPEN_TO_ANYONE:
            faults.append(f"{name} is open to anyone, unreviewed")
        if not isinstance(handler.operation_id, str) or handler.operation_id in operations:
            faults.append(f"{name} has no operation id of its own")
        operations.add(str(handler.operation_id))
    return faults


def test_every_route_names_its_policy() -> None:
    assert len(HANDLERS) > 80
    assert faults_of_routes(HANDLERS) == []


def test_planted_routes_are_found() -> None:
    @get("/a", operation_id="a")
    async def no_policy() -> None: ...

    @get("/b", opt=staff("tea.drink"), operation_id="b")
    async def unknown_permission() -> None: ...

    @get("/c", opt=ANYONE, operation_id="c")
    async def open_door() -> None: ...

    @get("/d", opt=staff("orders.read"), operation_id="a")
    async def second_name() -> None: ...

    faults = faults_of_routes([no_policy, unknown_permission, open_door, second_name])
    assert [fault.partition(" ")[2] for fault in faults] == [
        "has no policy",
        "asks for the unknown permission tea.drink",
        "is open to anyone, unreviewed",
        "has no operation id of its own",
    ]


async def test_the_house_gives_what_routes_are_promised(two_shops: TwoShops) -> None:
    assert set(two_shops.house.dependencies()) == set(DEPENDENCIES)


def _id(handler: HTTPRouteHandler) -> str:
    return str(handler.operation_id)


@pytest.mark.parametrize("handler", GUARDED, ids=_id)
async def test_nobody_comes_in_without_a_token(
    two_shops: TwoShops, handler: HTTPRouteHandler
) -> None:
    _expect(await two_shops.call(handler), 401)
    _expect(await two_shops.call(handler, token="m_nonsense"), 401)
    _expect(await two_shops.call(handler, token="s_nonsense"), 401)


@pytest.mark.parametrize("handler", GUARDED, ids=_id)
async def test_a_token_of_another_role_opens_nothing(
    two_shops: TwoShops, handler: HTTPRouteHandler
) -> None:
    policy = policy_of(handler.opt)
    assert policy is not None
    if policy.who == "member":
        _expect(await two_shops.call(handler, token=two_shops.tea.owner), 401)
        return
    _expect(await two_shops.call(handler, token=two_shops.tea.buyer), 401)
    if policy.permission is not None:
        _expect(await two_shops.call(handler, token=two_shops.tea.newcomer), 403)


@pytest.mark.parametrize("handler", GUARDED, ids=_id)
async def test_another_shops_people_reach_nothing(
    two_shops: TwoShops, handler: HTTPRouteHandler
) -> None:
    policy = policy_of(handler.opt)
    assert policy is not None
    stranger = two_shops.toys.owner if policy.who == "staff" else two_shops.toys.buyer
    if policy.who == "member":
        _expect(await two_shops.call(handler, token=stranger, shop=two_shops.tea.slug), 401)
    answer = await two_shops.call(handler, token=stranger)
    _expect_nothing_of(answer, handler, two_shops.tea.secrets)


@pytest.mark.parametrize("handler", OF_MEMBERS, ids=_id)
async def test_another_member_reaches_nothing_of_mine(
    two_shops: TwoShops, handler: HTTPRouteHandler
) -> None:
    answer = await two_shops.call(handler, token=two_shops.tea.other_buyer)
    mine = {name: two_shops.tea.secrets[name] for name in ("address", "member")}
    _expect_nothing_of(answer, handler, mine, shared=("product_id", "sku_id"))


def _expect(answer: httpx.Response, status: int) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def _expect_nothing_of(
    answer: httpx.Response,
    handler: HTTPRouteHandler,
    secrets: dict[str, str],
    *,
    shared: Sequence[str] = (),
) -> None:
    assert answer.status_code < 500, answer.text
    told = [what for what, secret in secrets.items() if secret in answer.text]
    assert told == [], answer.text
    path = next(iter(handler.paths))
    names_a_thing = ":uuid}" in path and not any(name in path for name in shared)
    if names_a_thing and answer.request.method != "DELETE" and answer.text != '{"items":[]}':
        assert answer.status_code >= 400, answer.text


@pytest.fixture(autouse=True, scope="module")
async def everything_is_still_there(two_shops: TwoShops) -> AsyncIterator[None]:
    yield
    assert await two_shops.tea_is_whole()
