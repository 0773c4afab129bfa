"""Fetching a file from a provider: streamed, limited, and never from a host nobody named."""

from collections.abc import Mapping, Sequence
from typing import BinaryIO
from urllib.parse import urlsplit

import httpx

from weike.payment.outcome import Ok, Outcome, Unknown

MOST_BYTES = 128 * 1024 * 1024
"""A packed bill of a million lines is smaller."""


def is_of(url: str, base_urls: Sequence[str], *, also_under: Sequence[str] = ()) -> bool:
    """Whether `url` lies at the scheme, host and port of one of `base_urls`, or by https under one
    of the domains `also_under`. A provider's answer is verified, and still no permission to call
    any address in the world."""
    asked = urlsplit(url)
    if asked.username or asked.password:
        return False
    for base_url in base_urls:
        base = urlsplit(base_url)
        if (asked.scheme, asked.netloc) == (base.scheme, base.netloc):
            return True
    host = asked.hostname or ""
    return asked.scheme == "https" and any(host.endswith(f".{domain}") for domain in also_under)


async def fetch_into(
    http: httpx.AsyncClient, url: str, into: BinaryIO, *, headers: Mapping[str, str]
) -> Outcome[None]:
    """Anything but a whole 200 is Unknown: the same file may be asked for again."""
    taken = 0
    try:
        async with http.stream("GET", url, headers=headers, follow_redirects=False) as response:
            if response.status_code != httpx.codes.OK:
                return Unknown(f"status_{response.status_code}")
            async for piece in response.aiter_raw():
                taken += len(piece)
                if taken > MOST_BYTES:
                    return Unknown("file_too_large")
                into.write(piece)
    except httpx.HTTPError as error:
        return Unknown(type(error).__name__)
    return Ok(None)
