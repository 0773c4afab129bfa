"""Set the rules of balances: nothing above the law's figures, and nothing on without a filing.

Switching off stops top-ups. What members have stays theirs: it can be spent and given back.
"""

from datetime import datetime

import msgspec

from weike.kernel import Tx, uuid7
from weike.payment import queries as payment_queries
from weike.payment.balance import queries
from weike.payment.balance.errors import BalanceLimitAboveLaw, BalanceNotFiled
from weike.payment.balance.model import (
    LAW_ANONYMOUS_MINOR,
    LAW_NAMED_MINOR,
    LAW_VALIDITY_YEARS,
    BalanceSettings,
)
from weike.payment.errors import SettingsChanged
from weike.payment.model import Config

APP = "balance"
"""Stands where a channel has its merchant and app."""


async def set_balance(tx: Tx, asked: BalanceSettings, *, now: datetime) -> BalanceSettings:
    """`asked.version` is the version that was on the screen.

    Refuses with BalanceNotFiled, BalanceLimitAboveLaw, SettingsChanged.
    """
    _lawful(asked)
    settings = msgspec.structs.replace(asked, version=asked.version + 1)
    if not await queries.write_settings(tx, settings, now=now):
        raise SettingsChanged()
    if asked.is_on and await payment_queries.config_of_shop(tx, "balance") is None:
        config = Config(
            id=uuid7(now),
            provider="balance",
            mch_id=APP,
            app_id=APP,
            app_id_mini=None,
            app_id_official=None,
            credentials_cipher=b"",
            state="active",
            version=1,
        )
        await payment_queries.insert_config(tx, config, now=now)
    return settings


def _lawful(asked: BalanceSettings) -> None:
    if asked.is_on and not (asked.issuer.strip() and asked.filing.strip()):
        raise BalanceNotFiled(field="filing" if asked.issuer.strip() else "issuer")
    for field, value, most in (
        ("anonymous_limit_minor", asked.anonymous_limit_minor, LAW_ANONYMOUS_MINOR),
        ("named_limit_minor", asked.named_limit_minor, LAW_NAMED_MINOR),
    ):
        if not 0 < value <= most:
            raise BalanceLimitAboveLaw(field=field)
    if asked.validity_years is not None and asked.validity_years < LAW_VALIDITY_YEARS:
        raise BalanceLimitAboveLaw(field="validity_years")
