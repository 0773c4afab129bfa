"""商家转账 of the simulated WeChat Pay: accepted, confirmed by the payee by hand, paid.

Source: WeChat Pay API v3, "发起转账": the same number with the same content answers the same bill;
the payee confirms within 24 hours, otherwise the bill fails; from 2,000 yuan on the real name is
needed, below 0.30 it may not be given; scene 1005 wants 岗位类型 and 报酬说明. `/transfers` is the
payee's phone.
"""

import base64
import binascii
import re
from html import escape

import msgspec
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.hashes import SHA1
from litestar import MediaType, Response, get, post
from litestar.response import Redirect
from msgspec import Struct

from weike.sandbox.notifications import deliver_due, queue_notification
from weike.sandbox.pages import moment, page, yuan
from weike.sandbox.people import person_by_openid
from weike.sandbox.wire import ProtocolRefusal
from weike.sandbox.world import World, china_time, digits

CONFIRM_SECONDS = 24 * 60 * 60
NAME_FROM_MINOR = 200_000
NAME_OVER_MINOR = 30
_OUT_BILL_NO = re.compile(r"[0-9A-Za-z]{1,32}")
_SCENE_INFOS = {"1005": {"岗位类型", "报酬说明"}}
_NOTE = "模拟微信收款：这里不会动用真实资金"


class AskedInfo(Struct, frozen=True):
    info_type: str
    info_content: str


class TransferAsked(Struct, frozen=True):
    appid: str
    out_bill_no: str
    transfer_scene_id: str
    openid: str
    transfer_amount: int
    transfer_remark: str
    transfer_scene_report_infos: list[AskedInfo] = []
    user_name: str = ""
    notify_url: str = ""


class TransferRow(Struct, frozen=True):
    """A row of `transfers`."""

    mch_id: str
    out_bill_no: str
    transfer_bill_no: str
    app_id: str
    openid: str
    amount: int
    remark: str
    name: str
    notify_url: str
    state: str
    package_info: str
    fail_reason: str
    created_at: int
    ended_at: int


def transfer(world: World, mch_id: str, body: bytes) -> dict[str, object]:
    """Accepted, and at once waiting for the payee."""
    try:
        asked = msgspec.json.decode(body, type=TransferAsked)
    except msgspec.MsgspecError as error:
        raise ProtocolRefusal(400, "PARAM_ERROR", f"请求参数错误: {error}") from error
    name = _checked_name(world, asked)
    with world.store.write():
        if earlier := find_transfer(world, mch_id, asked.out_bill_no):
            if (earlier.openid, earlier.amount) != (asked.openid, asked.transfer_amount):
                raise ProtocolRefusal(400, "INVALID_REQUEST", "商户单号重复, 且参数不一致")
            return shown(earlier)
        row = TransferRow(
            mch_id=mch_id,
            out_bill_no=asked.out_bill_no,
            transfer_bill_no="1330" + digits(24),
            app_id=asked.appid,
            openid=asked.openid,
            amount=asked.transfer_amount,
            remark=asked.transfer_remark,
            name=name,
            notify_url=asked.notify_url,
            state="WAIT_USER_CONFIRM",
            package_info="affffddafdfafddffda==" + digits(16),
            fail_reason="",
            created_at=world.now(),
            ended_at=0,
        )
        _insert(world, row)
    return shown(row)


def _checked_name(world: World, asked: TransferAsked) -> str:
    if not _OUT_BILL_NO.fullmatch(asked.out_bill_no):
        raise ProtocolRefusal(400, "PARAM_ERROR", "商户单号格式错误")
    if asked.transfer_amount < 10:
        raise ProtocolRefusal(400, "PARAM_ERROR", "转账金额不能小于0.1元")
    wanted = _SCENE_INFOS.get(asked.transfer_scene_id)
    if wanted is None or {info.info_type for info in asked.transfer_scene_report_infos} != wanted:
        raise ProtocolRefusal(400, "PARAM_ERROR", "转账场景报备信息错误")
    if asked.transfer_amount < NAME_OVER_MINOR and asked.user_name:
        raise ProtocolRefusal(400, "PARAM_ERROR", "转账金额低于0.3元时不支持填写收款用户姓名")
    if asked.transfer_amount >= NAME_FROM_MINOR and not asked.user_name:
        raise ProtocolRefusal(400, "PARAM_ERROR", "转账金额达到2000元时需要填写收款用户姓名")
    return _decrypted(world, asked.user_name) if asked.user_name else ""


def _decrypted(world: World, ciphertext: str) -> str:
    padding = OAEP(mgf=MGF1(SHA1()), algorithm=SHA1(), label=None)  # noqa: S303 - the vendor's
    try:
        raw = base64.b64decode(ciphertext, validate=True)
        return world.keys.signers[world.keys.public_key_id].decrypt(raw, padding).decode()
    except (ValueError, binascii.Error) as error:
        raise ProtocolRefusal(400, "PARAM_ERROR", "收款用户姓名解密失败") from error


def find_transfer(world: World, mch_id: str, out_bill_no: str) -> TransferRow | None:
    return world.store.one(
        TransferRow,
        "SELECT * FROM transfers WHERE mch_id = ? AND out_bill_no = ?",
        mch_id,
        out_bill_no,
    )


def query_transfer(world: World, mch_id: str, out_bill_no: str) -> dict[str, object]:
    end_overdue(world)
    found = find_transfer(world, mch_id, out_bill_no)
    if found is None:
        raise ProtocolRefusal(404, "NOT_FOUND", "记录不存在")
    return shown(found)


def end_overdue(world: World) -> None:
    """Nobody confirmed within a day."""
    late = world.now() - CONFIRM_SECONDS
    for row in world.store.every(
        TransferRow,
        "SELECT * FROM transfers WHERE state = 'WAIT_USER_CONFIRM' AND created_at < ?",
        late,
    ):
        _end(world, row, "FAIL", "OVERDUE_CLOSE")


def shown(row: TransferRow) -> dict[str, object]:
    answer: dict[str, object] = {
        "out_bill_no": row.out_bill_no,
        "transfer_bill_no": row.transfer_bill_no,
        "mch_id": row.mch_id,
        "transfer_amount": row.amount,
        "state": row.state,
        "create_time": china_time(row.created_at),
        "update_time": china_time(row.ended_at or row.created_at),
    }
    if row.state == "WAIT_USER_CONFIRM":
        answer["package_info"] = row.package_info
    if row.fail_reason:
        answer["fail_reason"] = row.fail_reason
    return answer


def _insert(world: World, row: TransferRow) -> None:
    values = msgspec.structs.astuple(row)
    marks = ", ".join("?" * len(values))
    world.store.run(f"INSERT INTO transfers VALUES ({marks})", *values)  # noqa: S608 - constant


def _end(world: World, row: TransferRow, state: str, reason: str = "") -> None:
    with world.store.write():
        moved = world.store.run(
            "UPDATE transfers SET state = ?, fail_reason = ?, ended_at = ?"
            " WHERE mch_id = ? AND out_bill_no = ? AND state = 'WAIT_USER_CONFIRM'",
            state,
            reason,
            world.now(),
            row.mch_id,
            row.out_bill_no,
        )
        ended = find_transfer(world, row.mch_id, row.out_bill_no)
        if moved and ended and ended.notify_url:
            queue_notification(
                world,
                mch_id=row.mch_id,
                url=row.notify_url,
                event_type="MCHTRANSFER.BILL.FINISHED",
                original_type="mch_payment",
                summary="商家转账单据终态通知",
                content=shown(ended),
            )


@get("/transfers", media_type=MediaType.HTML)
async def transfers_page(world: World) -> Response[str]:
    """Everything that waits for somebody to confirm, and the last that did."""
    end_overdue(world)
    rows = world.store.every(TransferRow, "SELECT * FROM transfers ORDER BY rowid DESC LIMIT 20")
    items = "".join(_item(row) for row in rows) or '<p class="soft">还没有人收到转账。</p>'
    return Response(
        page("模拟收款", f"<h1>待确认的收款</h1>{items}", note=_NOTE), media_type=MediaType.HTML
    )


def _item(row: TransferRow) -> str:
    person = person_by_openid(row.app_id, row.openid)
    states = {"WAIT_USER_CONFIRM": "待确认收款", "SUCCESS": "已到账", "FAIL": "已失效"}
    buttons = (
        f'<form method="post" action="/transfers/{row.mch_id}/{row.out_bill_no}/confirm">'
        '<button class="go">确认收款</button></form>'
        if row.state == "WAIT_USER_CONFIRM"
        else ""
    )
    return (
        f'<div class="card"><p class="amount"><small>¥</small>{yuan(row.amount)}</p><dl>'
        f"<dt>收款人</dt><dd>{escape(person.nickname if person else row.openid[:8])}</dd>"
        f"<dt>说明</dt><dd>{escape(row.remark)}</dd>"
        f"<dt>状态</dt><dd>{states.get(row.state, row.state)}</dd>"
        f"<dt>时间</dt><dd>{moment(row.created_at)}</dd></dl>{buttons}</div>"
    )


@post("/transfers/{mch_id:str}/{out_bill_no:str}/confirm", status_code=303)
async def confirm_transfer(world: World, mch_id: str, out_bill_no: str) -> Redirect:
    row = find_transfer(world, mch_id, out_bill_no)
    if row is not None:
        _end(world, row, "SUCCESS")
        await deliver_due(world)
    return Redirect("/transfers", status_code=303)
