"""Settings: defaults that work on one machine, and mistakes that are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from weike.entry.settings import OFFICIAL_PAY_URL, BadSetting, read_settings


def test_nothing_has_to_be_set() -> None:
    settings = read_settings({})
    assert settings.database.url is None
    assert settings.web.public_url == "http://127.0.0.1:8080"
    assert settings.outside.wechat_pay_url == OFFICIAL_PAY_URL
    assert settings.outside.alipay_url == "https://openapi.alipay.com/gateway.do"
    assert settings.outside.sms_url == ""
    assert settings.s3 is None
    assert settings.data == Path("data").resolve()


def test_one_setting_leads_to_the_sandbox() -> None:
    outside = read_settings({"WEIKE_SANDBOX_URL": "http://127.0.0.1:8087/"}).outside
    assert outside.wechat_pay_url == "http://127.0.0.1:8087"
    assert outside.alipay_url == "http://127.0.0.1:8087/alipay/gateway.do"
    assert outside.wechat_api_url == "http://127.0.0.1:8087/wxapi"
    assert outside.sms_url == "http://127.0.0.1:8087/sms"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("WEIKE_PORT", "eighty", "WEIKE_PORT=eighty: expected 1 to 65535"),
        ("WEIKE_PORT", "0", "expected 1 to 65535"),
        ("WEIKE_PUBLIC_URL", "shop.example", "starting with http"),
        ("WEIKE_ACCESS_LOG", "perhaps", "expected yes or no"),
        ("WEIKE_LOG_LEVEL", "LOUD", "DEBUG or INFO"),
        ("WEIKE_PROT", "8080", "unknown setting WEIKE_PROT"),
        ("WEIKE_S3_ENDPOINT", "https://s3.example", "needs WEIKE_S3_BUCKET"),
    ],
)
def test_a_mistake_is_told(name: str, value: str, told: str) -> None:
    with pytest.raises(BadSetting, match=told):
        read_settings({name: value})


def test_secrets_and_tests_have_names_of_their_own() -> None:
    read_settings({"WEIKE_SECRET_APP": "x", "WEIKE_TEST_CHROMIUM": "y", "PATH": "/bin"})
