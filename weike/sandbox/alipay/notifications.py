"""Notifications of the simulated Alipay: a signed form, sent again until the answer is `success`.

Source: Alipay's open platform, "异步通知说明": at once, then after 4m, 10m, 10m, 1h, 2h, 6h, 15h;
`notify_id` stays the same.
"""

import asyncio
import secrets
from urllib.parse import urlencode

import httpx
import msgspec
from msgspec import Struct

from weike.sandbox.alipay.wire import china, signature
from weike.sandbox.faults import Fault, take_fault
from weike.sandbox.world import World

LADDER_SECONDS = (240, 600, 600, 3600, 7200, 21600, 54000)
ANSWER_SECONDS = 5.0
REORDER_SECONDS = 2


class AlipayQueued(Struct, frozen=True):
    """A row of `alipay_notifications`. `due_at` is null once answered with success or given up."""

    id: str
    app_id: str
    url: str
    fields: str
    created_at: int
    attempts: int
    due_at: int | None
    result: str


def queue_notification(world: World, *, app_id: str, url: str, fields: dict[str, str]) -> None:
    """Part of the write that made it true; sent by `deliver_alipay`."""
    if not url:
        return
    world.store.run(
        "INSERT INTO alipay_notifications (id, app_id, url, fields, created_at, due_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        secrets.token_hex(17),
        app_id,
        url,
        msgspec.json.encode(fields).decode(),
        world.now(),
        world.now(),
    )


async def deliver_alipay(world: World) -> int:
    """Sends everything whose time has come, oldest first; returns how many were sent."""
    due = world.store.every(
        AlipayQueued,
        "SELECT * FROM alipay_notifications WHERE due_at <= ? ORDER BY due_at, created_at, rowid",
        world.now(),
    )
    sent = 0
    for queued in due:
        # Claimed before it is sent: the loop and a cashier page may both come by.
        following = queued.attempts
        later = LADDER_SECONDS[following] if following < len(LADDER_SECONDS) else None
        claimed = world.store.run(
            "UPDATE alipay_notifications SET attempts = attempts + 1, due_at = ?"
            " WHERE id = ? AND attempts = ? AND due_at IS NOT NULL",
            world.now() + later if later else None,
            queued.id,
            queued.attempts,
        )
        if claimed:
            await _attempt(world, queued)
            sent += 1
    return sent


def body(world: World, queued: AlipayQueued, fault: Fault | None) -> bytes:
    """Signed over every field but `sign` and `sign_type`, also empty ones."""
    kind = fault.kind if fault else None
    fields = msgspec.json.decode(queued.fields, type=dict[str, str]) | {
        "notify_id": queued.id,
        "notify_time": china(world.now()),
        "charset": "utf-8",
        "version": "1.0",
    }
    if kind == "other_merchant":
        other = next(
            one for app_id, one in world.keys.alipay.merchants.items() if app_id != queued.app_id
        )
        fields |= {"app_id": other.app_id, "seller_id": other.seller_id}
    if kind == "other_amount":
        whole, _, part = fields["total_amount"].partition(".")
        less = int(whole + part) - 1
        fields["total_amount"] = f"{less // 100}.{less % 100:02d}"
    content = "&".join(f"{name}={value}" for name, value in sorted(fields.items())).encode()
    sign = signature(world.keys.alipay, content + (b"spoiled" if kind == "bad_signature" else b""))
    if kind == "tamper":
        fields["total_amount"] = "0.01"
    return urlencode(fields | {"sign": sign, "sign_type": "RSA2"}).encode()


async def _attempt(world: World, queued: AlipayQueued) -> None:
    fault = take_fault(world.store, "alipay_notify", chance=world.chance)
    match fault.kind if fault else None:
        case "drop":
            _note(world, queued, "dropped by fault")
        case "delay" | "reorder" if fault:
            world.store.run(
                "UPDATE alipay_notifications SET attempts = ?, due_at = ?, result = ? WHERE id = ?",
                queued.attempts,
                world.now() + (int(fault.seconds) or REORDER_SECONDS),
                f"{fault.kind} by fault",
                queued.id,
            )
        case "duplicate" if fault:
            results = await asyncio.gather(
                *(_send(world, queued, None) for _ in range(fault.copies))
            )
            _note(world, queued, results[0])
        case _:
            _note(world, queued, await _send(world, queued, fault))


async def _send(world: World, queued: AlipayQueued, fault: Fault | None) -> str:
    try:
        response = await world.http.post(
            queued.url,
            content=body(world, queued, fault),
            headers={"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"},
            timeout=ANSWER_SECONDS,
            follow_redirects=False,
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return type(error).__name__
    text = response.text[:20]
    return text if response.status_code == httpx.codes.OK else f"{response.status_code} {text}"


def _note(world: World, queued: AlipayQueued, result: str) -> None:
    world.store.run(
        "UPDATE alipay_notifications SET result = ?,"
        " due_at = CASE WHEN ? THEN NULL ELSE due_at END WHERE id = ?",
        result,
        result == "success",
        queued.id,
    )
