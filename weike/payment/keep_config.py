"""Keep a config: written over what its writer has seen and nothing else.

Keys that a form leaves empty stay as they were. Of two who save at once, the second would bring
back the keys that the first has just replaced; its version says that it has not seen them.
"""

from datetime import datetime

from weike.kernel import Tx
from weike.payment import queries
from weike.payment.errors import SettingsChanged
from weike.payment.model import Config


def refuse_unseen(earlier: Config | None, seen_version: int | None) -> None:
    """Refuses with SettingsChanged."""
    if seen_version is not None and seen_version != (earlier.version if earlier else 0):
        raise SettingsChanged()


async def keep_config(tx: Tx, config: Config, *, is_new: bool, now: datetime) -> None:
    """A new one also gets its address for notifications. Refuses with SettingsChanged."""
    if is_new:
        await queries.insert_config(tx, config, now=now)
        await queries.write_hook(tx, config.id)
    elif not await queries.update_config(tx, config, now=now):
        raise SettingsChanged()
