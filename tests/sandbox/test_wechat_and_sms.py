"""Signing in with the simulated WeChat, text messages, the pages, and what a restart keeps."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.sandbox.shops import Clock, Shop, open_shop
from weike.payment.outcome import Ok
from weike.payment.providers.wechat_pay import pay_call, query


async def test_a_mini_program_code_works_once(shop: Shop) -> None:
    app = shop.credentials.mini_program
    code = (await shop.control("login_code", person="lin"))["code"]
    asked = {
        "appid": app.app_id,
        "secret": app.secret,
        "js_code": code,
        "grant_type": "authorization_code",
    }
    first = (await shop.http.get("/wxapi/sns/jscode2session", params=asked)).json()
    again = (await shop.http.get("/wxapi/sns/jscode2session", params=asked)).json()
    people = (await shop.http.get("/_ctl/people")).json()
    assert first["openid"] == people[0]["mini_program_openid"]
    assert again["errcode"] == 40163
    wrong = asked | {"secret": "guessed"}
    assert (await shop.http.get("/wxapi/sns/jscode2session", params=wrong)).json()[
        "errcode"
    ] == 40125


async def test_a_code_lives_five_minutes(shop: Shop) -> None:
    app = shop.credentials.mini_program
    code = (await shop.control("login_code", person="lin"))["code"]
    await shop.control("advance", seconds=300)
    asked = {
        "appid": app.app_id,
        "secret": app.secret,
        "js_code": code,
        "grant_type": "authorization_code",
    }
    answer = (await shop.http.get("/wxapi/sns/jscode2session", params=asked)).json()
    assert answer["errcode"] == 40029


async def test_official_account_sign_in_from_page_to_name(shop: Shop) -> None:
    app = shop.credentials.official_account
    asked = {
        "appid": app.app_id,
        "redirect_uri": "https://shop.test/back?x=1",
        "response_type": "code",
        "scope": "snsapi_userinfo",
        "state": "abc",
    }
    page = await shop.http.get("/wxapi/connect/oauth2/authorize", params=asked)
    assert "选择测试用户" in page.text
    assert "模拟微信登录" in page.text
    chosen = await shop.http.get(
        "/wxapi/connect/oauth2/authorize", params=asked | {"person": "chen"}
    )
    back = urlsplit(chosen.headers["location"])
    given = parse_qs(back.query)
    assert (back.hostname, given["state"], given["x"]) == ("shop.test", ["abc"], ["1"])
    token = (
        await shop.http.get(
            "/wxapi/sns/oauth2/access_token",
            params={
                "appid": app.app_id,
                "secret": app.secret,
                "code": given["code"][0],
                "grant_type": "authorization_code",
            },
        )
    ).json()
    person = (
        await shop.http.get(
            "/wxapi/sns/userinfo",
            params={"access_token": token["access_token"], "openid": token["openid"]},
        )
    ).json()
    assert person["nickname"] == "陈一舟"


async def test_a_stable_token_stays_the_same_and_opens_a_phone_number(shop: Shop) -> None:
    app = shop.credentials.mini_program
    asked = {"grant_type": "client_credential", "appid": app.app_id, "secret": app.secret}
    first = (await shop.http.post("/wxapi/cgi-bin/stable_token", json=asked)).json()
    second = (await shop.http.post("/wxapi/cgi-bin/stable_token", json=asked)).json()
    assert first["access_token"] == second["access_token"]
    code = (await shop.control("login_code", person="lin", purpose="phone"))["code"]
    phone = (
        await shop.http.post(
            "/wxapi/wxa/business/getuserphonenumber",
            params={"access_token": first["access_token"]},
            json={"code": code},
        )
    ).json()
    assert phone["phone_info"]["purePhoneNumber"] == "13800000001"


async def test_a_text_message_is_found_in_the_inbox(shop: Shop) -> None:
    sent = await shop.http.post(
        "/sms",
        json={"phone": "13812345678", "text": "【<b>茶铺</b>】验证码 482913，五分钟内有效。"},
    )
    assert sent.status_code == 200
    found = (await shop.http.get("/sms.json", params={"phone": "13812345678"})).json()["items"]
    assert found[0]["code"] == "482913"
    page = (await shop.http.get("/sms")).text
    assert "482913" in page
    assert "模拟短信箱" in page
    assert "<b>" not in page


async def test_paying_by_hand_notifies_and_goes_back(shop: Shop) -> None:
    prepaid = await shop.announce()
    cashier = f"/cashier/{prepaid.value.prepay_id}"
    page = await shop.http.get(cashier, params={"return_url": "https://shop.test/orders/1"})
    for words in ("模拟收银台", "确认支付", "12.34", "明前龙井"):
        assert words in page.text
    paid = await shop.http.post(
        f"{cashier}/pay", params={"return_url": "https://shop.test/orders/1"}
    )
    assert (paid.status_code, paid.headers["location"]) == (303, "https://shop.test/orders/1")
    assert len(shop.mailbox.received) == 1
    assert (await shop.http.post(f"{cashier}/pay")).status_code == 409
    assert (await shop.truth())["paid_minor"] == 1234


async def test_the_cashier_refuses_a_pay_call_that_is_not_ours(shop: Shop) -> None:
    prepaid = await shop.announce()
    call = pay_call(
        shop.keys(),
        app_id=shop.credentials.mini_program.app_id,
        prepay_id=prepaid.value.prepay_id,
        now=shop.clock(),
        nonce="abcdef",
    )
    asked = {
        "appId": call.app_id,
        "timeStamp": call.time_stamp,
        "nonceStr": call.nonce_str,
        "paySign": call.pay_sign,
    }
    cashier = f"/cashier/{prepaid.value.prepay_id}"
    assert (await shop.http.get(cashier, params=asked)).status_code == 200
    forged = asked | {"nonceStr": "abcdeg"}
    assert (await shop.http.get(cashier, params=forged)).status_code == 400


async def test_a_return_address_is_an_address_of_a_page(shop: Shop) -> None:
    prepaid = await shop.announce()
    page = await shop.http.get(
        f"/cashier/{prepaid.value.prepay_id}", params={"return_url": "javascript:alert(1)"}
    )
    assert "javascript" not in page.text


async def test_a_restart_keeps_keys_and_orders(tmp_path: Path) -> None:
    clock = Clock()
    async with open_shop(tmp_path, clock) as shop:
        await shop.announce()
        kept = shop.credentials
    async with open_shop(tmp_path, clock) as shop:
        assert shop.credentials == kept
        assert isinstance(await query(shop.transport(), "order-0001"), Ok)
    for file in ("credentials.json", "platform.json"):
        assert (tmp_path / file).stat().st_mode & 0o077 == 0
