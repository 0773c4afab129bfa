"""Notifications of the simulated WeChat Pay: encrypted, signed, sent again by the ladder.

Source: WeChat Pay API v3, "支付成功通知": 15s/15s/30s/3m/10m/20m/30m x3/60m/3h x3/6h x2; an
answer of 200 or 204 within five seconds ends it, anything else is followed by the next step.
"""

import asyncio
import base64
import secrets
from collections.abc import Awaitable, Callable

import httpx
import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from weike.sandbox.faults import Fault, take_fault
from weike.sandbox.wire import signed_headers
from weike.sandbox.world import World, china_time

LADDER_SECONDS = (
    *(15, 15, 30, 180, 600, 1200),
    *(1800, 1800, 1800, 3600),
    *(10800, 10800, 10800, 21600, 21600),
)
ANSWER_SECONDS = 5.0
REORDER_SECONDS = 2


class Queued(Struct, frozen=True):
    """A row of `notifications`. `due_at` is null once delivered or given up."""

    id: str
    mch_id: str
    event_type: str
    original_type: str
    summary: str
    url: str
    plain: str
    created_at: int
    attempts: int
    due_at: int | None
    result: str


def queue_notification(
    world: World,
    *,
    mch_id: str,
    url: str,
    event_type: str,
    original_type: str,
    summary: str,
    content: dict[str, object],
) -> None:
    """Part of the write that made it true; sent by `deliver_due`."""
    world.store.run(
        "INSERT INTO notifications (id, mch_id, event_type, original_type, summary, url, plain,"
        " created_at, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        f"EV-{secrets.token_hex(16)}",
        mch_id,
        event_type,
        original_type,
        summary,
        url,
        msgspec.json.encode(content).decode(),
        world.now(),
        world.now(),
    )


async def deliver_due(world: World) -> int:
    """Sends everything whose time has come, oldest first; returns how many were sent."""
    due = world.store.every(
        Queued,
        "SELECT * FROM notifications WHERE due_at <= ? ORDER BY due_at, created_at, rowid",
        world.now(),
    )
    sent = 0
    for queued in due:
        # Claimed before it is sent: the loop and a cashier page may both come by.
        claimed = world.store.run(
            "UPDATE notifications SET attempts = attempts + 1, due_at = ?"
            " WHERE id = ? AND attempts = ? AND due_at IS NOT NULL",
            _next_due(world, queued.attempts),
            queued.id,
            queued.attempts,
        )
        if claimed:
            await _attempt(world, queued)
            sent += 1
    return sent


async def keep_delivering(
    world: World,
    *,
    pause_seconds: float,
    also: Callable[[World], Awaitable[int]],
) -> None:
    """Runs until cancelled; `also` are the letters of somebody else."""
    while True:
        await deliver_due(world)
        await also(world)
        await asyncio.sleep(pause_seconds)


def sealed(world: World, queued: Queued, fault: Fault | None) -> bytes:
    """The body of the notification: its content under the merchant's API v3 key."""
    kind = fault.kind if fault else None
    plain = queued.plain.encode()
    if kind in ("other_merchant", "other_amount", "other_currency"):
        plain = _other_content(world, queued, str(kind))
    key = world.keys.merchants[queued.mch_id].api_v3_key.encode()
    nonce = secrets.token_hex(6)
    ciphertext = AESGCM(key).encrypt(nonce.encode(), plain, queued.original_type.encode())
    if kind == "garble":
        ciphertext = secrets.token_bytes(len(ciphertext))
    return msgspec.json.encode(
        {
            "id": queued.id,
            "create_time": china_time(queued.created_at),
            "resource_type": "encrypt-resource",
            "event_type": queued.event_type,
            "summary": queued.summary,
            "resource": {
                "original_type": queued.original_type,
                "algorithm": "AEAD_AES_256_GCM",
                "ciphertext": base64.b64encode(ciphertext).decode(),
                "associated_data": queued.original_type,
                "nonce": nonce,
            },
        }
    )


async def _attempt(world: World, queued: Queued) -> None:
    fault = take_fault(world.store, "notify", chance=world.chance)
    match fault.kind if fault else None:
        case "drop":
            _note(world, queued, "dropped by fault")
            return
        case "delay" | "reorder" if fault:
            wait = int(fault.seconds) or REORDER_SECONDS
            world.store.run(
                "UPDATE notifications SET attempts = ?, due_at = ?, result = ? WHERE id = ?",
                queued.attempts,
                world.now() + wait,
                f"{fault.kind} by fault",
                queued.id,
            )
            return
        case "duplicate" if fault:
            results = await asyncio.gather(
                *(_send(world, queued, None) for _ in range(fault.copies))
            )
            _note(world, queued, results[0])
        case _:
            _note(world, queued, await _send(world, queued, fault))


async def _send(world: World, queued: Queued, fault: Fault | None) -> str:
    serial = _signing_serial(world)
    headers, body = signed_headers(
        world.keys,
        sealed(world, queued, fault),
        serial=serial,
        real_now=world.real_now(),
        fault=fault,
    )
    headers |= {"Content-Type": "application/json", "User-Agent": "Mozilla/4.0"}
    try:
        response = await world.http.post(
            queued.url,
            content=body,
            headers=headers,
            timeout=ANSWER_SECONDS,
            follow_redirects=False,
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return type(error).__name__
    return str(response.status_code)


def _note(world: World, queued: Queued, result: str) -> None:
    delivered = result in ("200", "204")
    world.store.run(
        "UPDATE notifications SET result = ?, due_at = CASE WHEN ? THEN NULL ELSE due_at END"
        " WHERE id = ?",
        result,
        delivered,
        queued.id,
    )


def _next_due(world: World, attempts: int) -> int | None:
    return world.now() + LADDER_SECONDS[attempts] if attempts < len(LADDER_SECONDS) else None


def _signing_serial(world: World) -> str:
    """Public key, certificate, or either at random as in the seven days of a switch."""
    mode = world.store.setting("notify_signed_with", "public_key")
    if mode == "certificate" or (mode == "mixed" and world.chance() < 0.5):
        return world.keys.certificate_serial
    return world.keys.public_key_id


def _other_content(world: World, queued: Queued, kind: str) -> bytes:
    content = msgspec.json.decode(queued.plain, type=dict[str, object])
    amount = content.get("amount")
    if kind == "other_merchant":
        content["mchid"] = next(name for name in world.keys.merchants if name != queued.mch_id)
    elif isinstance(amount, dict) and kind == "other_amount":
        content["amount"] = {**amount, "total": amount["total"] - 1}
    elif isinstance(amount, dict):
        content["amount"] = {**amount, "currency": "USD"}
    return msgspec.json.encode(content)
