"""Bills of WeChat Pay: ask where the day's file is, and fetch it.

Source: WeChat Pay API v3, "申请交易账单", "下载账单". The answer of the download is not signed:
what proves the file is the hash in the signed answer before it.
"""

from datetime import date
from typing import BinaryIO
from urllib.parse import urlsplit

from msgspec import Struct

from weike.payment.outcome import Ok, Outcome, Unknown
from weike.payment.ports import BillFile
from weike.payment.providers.wechat_pay.transport import WeChatPayTransport


class BillPlace(Struct, frozen=True):
    hash_type: str
    hash_value: str
    download_url: str


async def download_trade_bill(
    transport: WeChatPayTransport, day: date, into: BinaryIO
) -> Outcome[BillFile]:
    asked = await transport.call(
        "GET",
        f"/v3/bill/tradebill?bill_date={day.isoformat()}&bill_type=ALL&tar_type=GZIP",
        answer=BillPlace,
    )
    if not isinstance(asked, Ok):
        return asked
    place = asked.value
    if place.hash_type.upper() != "SHA1":
        return Unknown("bill_hash_type")
    parts = urlsplit(place.download_url)
    if not transport.is_at_home(place.download_url):
        return Unknown("bill_host")
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    fetched = await transport.download(place.download_url, target, into)
    if not isinstance(fetched, Ok):
        return fetched
    return Ok(BillFile(packing="gzip", sha1=place.hash_value.lower()))
