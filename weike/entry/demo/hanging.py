"""The demo's pictures, drawn by processes beside us, hung up by the catalogue's own deed."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from multiprocessing import get_context, parent_process
from threading import Thread
from uuid import UUID

from weike import catalog
from weike.entry.demo.art import gallery
from weike.entry.demo.past import Past

_PAINTERS = 2


async def hang_pictures(
    past: Past,
    store: catalog.MediaStore,
    names: Sequence[str],
    *,
    now: datetime,
    progress: Callable[[float], None],
) -> dict[str, catalog.Picture]:
    """By name. A name that cannot be drawn raises `gallery.NoSuchPicture`."""
    loop = asyncio.get_running_loop()
    done = 0
    past.clock.at = now
    # Fresh processes: a fork of one that has threads may hang.
    painters = ProcessPoolExecutor(
        min(_PAINTERS, os.cpu_count() or 1),
        mp_context=get_context("spawn"),
        initializer=_leave_with_parent,
    )

    async def hang(name: str, media_id: UUID) -> tuple[str, catalog.Picture]:
        nonlocal done
        upload = await loop.run_in_executor(painters, gallery.png, name)
        picture = await catalog.store_media(
            past.database, store, past.tenant_id, media_id=media_id, upload=upload, now=now
        )
        done += 1
        progress(done / len(names))
        return name, picture

    try:
        hung = [hang(name, past.ids.at(now)) for name in names]
        return dict(await asyncio.gather(*hung))
    finally:
        painters.shutdown(wait=False, cancel_futures=True)


def _leave_with_parent() -> None:
    """A parent that is killed cannot tell its painters; they would wait for work for ever."""

    def watch() -> None:
        if (parent := parent_process()) is not None:
            parent.join()
            os._exit(1)

    Thread(target=watch, daemon=True).start()
