"""Settings: one typed value, grouped, read once from the environment and passed down.

Every one has a default that works on one machine; secrets have none, they are made fresh (see
`kernel.vault`). An unknown WEIKE_ variable is refused, because a misspelt one would do nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import weike

SANDBOX_PORT = 8087
OFFICIAL_PAY_URL = "https://api.mch.weixin.qq.com"
OFFICIAL_ALIPAY_URL = "https://openapi.alipay.com/gateway.do"
OFFICIAL_API_URL = "https://api.weixin.qq.com"
OFFICIAL_KUAIDI100_URL = "https://poll.kuaidi100.com"
OFFICIAL_OPEN_URL = "https://open.weixin.qq.com"


class BadSetting(Exception):
    """A setting cannot be used; the message names it and says what is expected."""


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    url: str | None
    """An owner's address of any PostgreSQL; None starts the embedded one in the data folder."""
    connections: int
    """For each web process and each worker."""


@dataclass(frozen=True, slots=True)
class WebSettings:
    host: str
    port: int
    workers: int
    public_url: str
    """Where people and payment services reach this shop, without a trailing slash."""
    fronts: Path
    """The folder with the built fronts: `console/dist`, `mobile/dist/build/h5`."""
    trusted_proxies: int
    """How many proxies in front of us add to X-Forwarded-For."""
    rate_factor: float
    """Widens every rate limit of addresses (tests and benchmarks come from one)."""
    access_log: bool


@dataclass(frozen=True, slots=True)
class OutsideSettings:
    """Where the world outside is: the official services, or a sandbox that speaks like them."""

    sandbox_url: str | None
    wechat_pay_url: str
    alipay_url: str
    """The whole address of Alipay's gateway."""
    wechat_api_url: str
    wechat_open_url: str
    sms_url: str
    kuaidi100_url: str


@dataclass(frozen=True, slots=True)
class S3:
    """A place for pictures instead of the data folder."""

    endpoint: str
    region: str
    bucket: str
    access_key: str
    secret_key: str


@dataclass(frozen=True, slots=True)
class Settings:
    data: Path
    """Secrets, the embedded database, pictures and backups live here."""
    database: DatabaseSettings
    web: WebSettings
    outside: OutsideSettings
    s3: S3 | None
    log_level: str
    sandbox_port: int


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Refuses with BadSetting."""
    read = _Reader(environment)
    port = read.number("WEIKE_PORT", 8080, low=1, high=65535)
    settings = Settings(
        data=Path(read.text("WEIKE_DATA", "data")).resolve(),
        database=DatabaseSettings(
            url=read.text("WEIKE_DATABASE_URL", "") or None,
            connections=read.number("WEIKE_DATABASE_CONNECTIONS", 16, low=2, high=200),
        ),
        web=WebSettings(
            host=read.text("WEIKE_HOST", "127.0.0.1"),
            port=port,
            workers=read.number("WEIKE_WORKERS", 1, low=1, high=64),
            public_url=read.address("WEIKE_PUBLIC_URL", f"http://127.0.0.1:{port}"),
            fronts=Path(read.text("WEIKE_FRONTS", str(Path(weike.__file__).parent.parent / "web"))),
            trusted_proxies=read.number("WEIKE_TRUSTED_PROXIES", 0, low=0, high=9),
            rate_factor=read.number("WEIKE_RATE_FACTOR", 1, low=1, high=1_000_000),
            access_log=read.yes("WEIKE_ACCESS_LOG", True),
        ),
        outside=_outside(read),
        s3=_s3(read),
        log_level=read.choice("WEIKE_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
        sandbox_port=read.number("WEIKE_SANDBOX_PORT", SANDBOX_PORT, low=1, high=65535),
    )
    read.refuse_unknown()
    return settings


def _outside(read: _Reader) -> OutsideSettings:
    sandbox = read.address("WEIKE_SANDBOX_URL", "") or None
    return OutsideSettings(
        sandbox_url=sandbox,
        wechat_pay_url=read.address("WEIKE_WECHAT_PAY_URL", sandbox or OFFICIAL_PAY_URL),
        alipay_url=read.address(
            "WEIKE_ALIPAY_URL", f"{sandbox}/alipay/gateway.do" if sandbox else OFFICIAL_ALIPAY_URL
        ),
        wechat_api_url=read.address(
            "WEIKE_WECHAT_API_URL", f"{sandbox}/wxapi" if sandbox else OFFICIAL_API_URL
        ),
        wechat_open_url=read.address(
            "WEIKE_WECHAT_OPEN_URL", f"{sandbox}/wxapi" if sandbox else OFFICIAL_OPEN_URL
        ),
        sms_url=read.address("WEIKE_SMS_URL", f"{sandbox}/sms" if sandbox else ""),
        kuaidi100_url=read.address(
            "WEIKE_KUAIDI100_URL", f"{sandbox}/kd100" if sandbox else OFFICIAL_KUAIDI100_URL
        ),
    )


def _s3(read: _Reader) -> S3 | None:
    endpoint = read.address("WEIKE_S3_ENDPOINT", "")
    given = S3(
        endpoint=endpoint,
        region=read.text("WEIKE_S3_REGION", "us-east-1"),
        bucket=read.text("WEIKE_S3_BUCKET", ""),
        access_key=read.text("WEIKE_S3_ACCESS_KEY", ""),
        secret_key=read.text("WEIKE_S3_SECRET_KEY", ""),
    )
    if not endpoint:
        return None
    if not (given.bucket and given.access_key and given.secret_key):
        raise BadSetting(
            "WEIKE_S3_ENDPOINT needs WEIKE_S3_BUCKET, WEIKE_S3_ACCESS_KEY and WEIKE_S3_SECRET_KEY"
        )
    return given


_ELSEWHERE = ("WEIKE_SECRET_", "WEIKE_TEST_")
"""Read by the vault, and by the test-suite."""


class _Reader:
    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._known: set[str] = set()

    def text(self, name: str, default: str) -> str:
        self._known.add(name)
        return self._environment.get(name, "").strip() or default

    def address(self, name: str, default: str) -> str:
        value = self.text(name, default).rstrip("/")
        if value and not value.startswith(("http://", "https://")):
            raise BadSetting(
                f"{name}={value}: expected an address starting with http:// or https://"
            )
        return value

    def number(self, name: str, default: int, *, low: int, high: int) -> int:
        return int(
            self._convert(name, default, int, lambda n: low <= n <= high, f"{low} to {high}")
        )

    def yes(self, name: str, default: bool) -> bool:
        return self.choice(name, "yes" if default else "no", ("yes", "no")) == "yes"

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        expected = " or ".join(choices)
        return str(self._convert(name, default, str, lambda value: value in choices, expected))

    def _convert(
        self,
        name: str,
        default: Any,
        kind: Callable[[str], Any],
        fits: Callable[[Any], bool],
        expected: str,
    ) -> Any:
        text = self.text(name, str(default))
        try:
            value = kind(text)
        except ValueError:
            value = None
        if value is None or not fits(value):
            raise BadSetting(f"{name}={text}: expected {expected}")
        return value

    def refuse_unknown(self) -> None:
        unknown = sorted(
            name
            for name in self._environment
            if name.startswith("WEIKE_")
            and name not in self._known
            and not name.startswith(_ELSEWHERE)
        )
        if unknown:
            raise BadSetting(
                f"unknown setting {', '.join(unknown)}; known are {', '.join(sorted(self._known))}"
            )
