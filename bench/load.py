"""The generator: closed-loop clients over keep-alive connections, in a process of its own.

Run by `bench` as `python -m bench.load`, one JSON description on stdin, one JSON result on stdout.
Plain streams instead of an HTTP library: the generator shares the machine with what it measures.
"""

from __future__ import annotations

import asyncio
import json
import resource
import secrets
import sys
import time
from collections import Counter
from itertools import count
from random import Random
from typing import Any
from uuid import UUID


def uuid7() -> str:
    value = int(time.time() * 1000) << 80 | 0x7 << 76 | secrets.randbits(12) << 64
    return str(UUID(int=value | 0b10 << 62 | secrets.randbits(62)))


def request(plan: dict[str, Any], random: Random, number: int) -> bytes:
    """The bytes of the next request of a client."""
    people: list[dict[str, str]] = plan["members"]
    member = people[number % len(people)] if people else None
    body = b""
    method, path = "GET", plan["path"]
    if plan["kind"] == "order" and member is not None:
        method = "POST"
        lines = [
            {"sku_id": sku, "quantity": 1} for sku in random.sample(plan["skus"], plan["lines"])
        ]
        order = {"id": uuid7(), "lines": lines, "address_id": member["address_id"]}
        body = json.dumps(order).encode()
    elif "{id}" in path:
        path = path.replace("{id}", random.choice(plan["products"]))
    if plan.get("fresh"):
        # A query nobody asked before: no cache can know the answer.
        path += ("&" if "?" in path else "?") + f"fresh={number}"
    head = [f"{method} {path} HTTP/1.1", f"Host: {plan['host']}:{plan['port']}"]
    head += [f"X-Shop: {plan['shop']}"]
    if member is not None:
        head.append(f"Authorization: Bearer {member['token']}")
    if body:
        head += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    status, length = int(head[9:12]), 0
    for line in head.split(b"\r\n"):
        if line[:15].lower() == b"content-length:":
            length = int(line[15:])
    return status, await reader.readexactly(length)


async def client(
    plan: dict[str, Any], random: Random, numbers: count[int], ends_at: float, found: Counter[int]
) -> list[float]:
    reader, writer = await asyncio.open_connection(plan["host"], plan["port"])
    waits = []
    while (started := time.perf_counter()) < ends_at:
        writer.write(request(plan, random, next(numbers)))
        status, _ = await answer(reader)
        found[status] += 1
        waits.append(time.perf_counter() - started)
    writer.close()
    return waits


async def run(plan: dict[str, Any]) -> dict[str, Any]:
    """Statuses, operations per second, latencies in ms, and the CPU this process used itself."""
    found: Counter[int] = Counter()
    numbers = count()
    started = time.perf_counter()
    ends_at = started + plan["seconds"]
    waits = await asyncio.gather(
        *(
            client(plan, Random(plan["seed"] + place), numbers, ends_at, found)  # noqa: S311 - a repeatable load
            for place in range(plan["clients"])
        )
    )
    took = time.perf_counter() - started
    flat = sorted(wait * 1000 for own in waits for wait in own)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "statuses": {str(status): number for status, number in found.items()},
        "operations": len(flat),
        "per_second": len(flat) / took,
        "p50_ms": flat[len(flat) // 2],
        "p99_ms": flat[int(len(flat) * 0.99)],
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
    }


def main() -> None:
    print(json.dumps(asyncio.run(run(json.load(sys.stdin)))))


if __name__ == "__main__":
    main()
