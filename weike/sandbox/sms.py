"""`/sms`: where sign-in codes arrive. The shop POSTs them, a tester reads them on a page."""

import re
from typing import Annotated

import msgspec
from litestar import MediaType, Response, get, post
from litestar.params import QueryParameter
from msgspec import Struct

from weike.sandbox.pages import inbox_page
from weike.sandbox.world import World

SHOWN = 30


_CODE = re.compile(r"(?<!\d)\d{4,8}(?!\d)")


class TextMessageAsked(Struct, frozen=True):
    """`text` is the whole message; `code` is found in it when it is not given."""

    phone: Annotated[str, msgspec.Meta(pattern=r"^\+?[0-9]{5,20}$")]
    code: Annotated[str, msgspec.Meta(max_length=16)] = ""
    text: Annotated[str, msgspec.Meta(max_length=500)] = ""


class TextMessage(Struct, frozen=True):
    phone: str
    code: str
    text: str
    at: int


@post("/sms", status_code=200)
async def receive_text_message(world: World, data: TextMessageAsked) -> dict[str, bool]:
    found = _CODE.search(data.text)
    code = data.code or (found.group() if found else "")
    world.store.run(
        "INSERT INTO text_messages (phone, code, text, at) VALUES (?, ?, ?, ?)",
        data.phone,
        code,
        data.text or f"您的验证码是 {code}，五分钟内有效。请勿告诉他人。",
        world.now(),
    )
    return {"delivered": True}


@get("/sms", media_type=MediaType.HTML)
async def text_message_page(world: World) -> Response[str]:
    return Response(inbox_page(latest_text_messages(world)), media_type=MediaType.HTML)


@get("/sms.json")
async def text_messages(
    world: World, phone: Annotated[str | None, QueryParameter(max_length=20)] = None
) -> dict[str, list[TextMessage]]:
    """Newest first; for tests that sign in by phone."""
    return {"items": latest_text_messages(world, phone)}


def latest_text_messages(world: World, phone: str | None = None) -> list[TextMessage]:
    return world.store.every(
        TextMessage,
        "SELECT phone, code, text, at FROM text_messages WHERE ? IS NULL OR phone = ?"
        " ORDER BY id DESC LIMIT ?",
        phone,
        phone,
        SHOWN,
    )
