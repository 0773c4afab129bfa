"""What people do on their phones in more than one story, tap by tap."""

from __future__ import annotations

import tomllib
from pathlib import Path

from playwright.sync_api import expect

import weike
from tests.e2e.browsing import Phone
from tests.running import Member, Running, code_for


def sign_in(phone: Phone, shop: Running, number: str) -> None:
    """On the sign-in page: phone, the code from the inbox, consent."""
    phone.input("请输入手机号").fill(number)
    phone.tap("获取验证码")
    phone.sees("验证码已发送")
    phone.input("请输入验证码").fill(code_for(shop, number))
    phone.page.get_by_role("checkbox", name="我已阅读并同意").tap()
    phone.tap("登录")


def be(phone: Phone, member: Member, slug: str) -> None:
    """This phone has been signed in before."""
    token = member.http.headers["authorization"].removeprefix("Bearer ")
    phone.context.add_init_script(
        f"if (location.protocol === 'http:') localStorage['weike.token.{slug}'] = '{token}'"
    )


def paste_address(phone: Phone) -> None:
    """On the address page, the whole of it at once."""
    label = "粘贴整段地址，自动识别姓名、手机号和地区"
    phone.input(label).fill("陈晓棠 13800138000 浙江省杭州市西湖区龙井路1号")
    expect(phone.input("收货人")).to_have_value("陈晓棠")
    phone.sees("浙江省 杭州市 西湖区")
    phone.tap("保存")


def join(phone: Phone) -> None:
    """On the page that invites: one tap to agree, one to be a promoter."""
    phone.sees("免费加入，不用囤货，不设门槛。")
    phone.page.get_by_role("checkbox", name="我已阅读并同意").tap()
    phone.tap("立即加入")
    phone.sees("推广中心", "今日预估收入")


def copied(phone: Phone) -> str:
    return str(phone.page.evaluate("navigator.clipboard.readText()"))


def sentence(key: str) -> str:
    """What the server says under this key, as long as it needs no facts."""
    context = key.partition(".")[0]
    texts = Path(weike.__file__).parent / context / "texts" / "zh.toml"
    return str(tomllib.loads(texts.read_text())[key])
