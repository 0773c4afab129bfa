"""A notification of Alipay: a form that is verified as it was received, then read.

Signed are all fields but `sign` and `sign_type`, empty ones too, unescaped and sorted. A field
that stands twice makes two readers see two things, so it is refused. Source: Alipay's open
platform, "异步通知验签".
"""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from weike.payment.providers.alipay.credentials import AlipayCredentials
from weike.payment.providers.alipay.verification import NotVerified, verify

LARGEST_NOTIFICATION_BYTES = 64 * 1024
_MOST_FIELDS = 100
_NEEDED = ("notify_id", "notify_type", "app_id", "out_trade_no")


def open_notification(credentials: AlipayCredentials, raw: bytes) -> Mapping[str, str]:
    """The fields of a notification that is proven to be Alipay's. Refuses with NotVerified."""
    if len(raw) > LARGEST_NOTIFICATION_BYTES:
        raise NotVerified("too_large")
    fields = _fields(raw)
    signature = fields.pop("sign", "")
    sign_type = fields.pop("sign_type", "")
    if sign_type != "RSA2" or not signature:
        raise NotVerified("algorithm")
    if fields.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise NotVerified("charset")
    content = "&".join(f"{name}={value}" for name, value in sorted(fields.items())).encode()
    # A notification names no certificate: it must be one of the keys we hold.
    for serial in credentials.verifiers:
        try:
            verify(credentials.verifiers, serial, content, signature)
            break
        except NotVerified:
            continue
    else:
        raise NotVerified("signature")
    for name in _NEEDED:
        if not 0 < len(fields.get(name, "")) <= 128:
            raise NotVerified("field_missing")
    return fields


def _fields(raw: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            raw.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except (ValueError, UnicodeError) as error:
        raise NotVerified("unreadable") from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise NotVerified("field_twice")
    return fields
