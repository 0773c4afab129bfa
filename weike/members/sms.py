"""Short messages by HTTP: the sandbox's inbox, or any gateway that takes the same POST."""

from __future__ import annotations

import httpx

from weike.members.ports import Ok, Refused, Unknown

_NOTHING_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.InvalidURL,
    httpx.UnsupportedProtocol,
)
"""So nothing can have arrived; the last two are an address that was not set."""


class HTTPSMS:
    """POST {phone, text}; 2xx is delivered, 4xx refused, everything else unknown."""

    def __init__(self, http: httpx.AsyncClient, *, url: str) -> None:
        self._http = http
        self._url = url

    async def send(self, phone: str, text: str) -> Ok[None] | Refused | Unknown:
        try:
            answer = await self._http.post(self._url, json={"phone": phone, "text": text})
        except _NOTHING_SENT as error:
            return Refused(type(error).__name__)
        except httpx.HTTPError as error:
            return Unknown(type(error).__name__)
        if answer.is_success:
            return Ok(None)
        if answer.is_client_error:
            return Refused(str(answer.status_code))
        return Unknown(str(answer.status_code))


class FakeSMS:
    """Keeps what was sent; `answer` is what the next sending comes to."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.answer: Ok[None] | Refused | Unknown = Ok(None)

    async def send(self, phone: str, text: str) -> Ok[None] | Refused | Unknown:
        if not isinstance(self.answer, Refused):
            self.sent.append((phone, text))
        return self.answer
