"""商家转账 at WeChat Pay: ask, query. Accepted is not paid: the payee confirms within a day.

Source: WeChat Pay API v3, "发起转账" and "商户单号查询转账单" (2025): scene 1005 (佣金报酬) needs
exactly 岗位类型 and 报酬说明; the real name is encrypted with the key that signs the answers.
"""

import base64

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.hashes import SHA1
from msgspec import Struct

from weike.payment.outcome import Outcome
from weike.payment.providers.wechat_pay.credentials import WeChatPayCredentials
from weike.payment.providers.wechat_pay.messages import TransferBill
from weike.payment.providers.wechat_pay.transport import WeChatPayTransport, path_segment

BILLS = "/v3/fund-app/mch-transfer/transfer-bills"
COMMISSION_SCENE = "1005"
_REMARK_CHARACTERS = 32


class ReportInfo(Struct, frozen=True):
    info_type: str
    info_content: str


class TransferBody(Struct, frozen=True, omit_defaults=True, kw_only=True):
    appid: str
    out_bill_no: str
    transfer_scene_id: str
    openid: str
    transfer_amount: int
    transfer_remark: str
    notify_url: str
    transfer_scene_report_infos: list[ReportInfo]
    user_name: str = ""


async def transfer(
    transport: WeChatPayTransport,
    *,
    app_id: str,
    out_bill_no: str,
    openid: str,
    amount_minor: int,
    remark: str,
    name: str | None,
    notify_url: str,
) -> Outcome[TransferBill]:
    body = TransferBody(
        appid=app_id,
        out_bill_no=out_bill_no,
        transfer_scene_id=COMMISSION_SCENE,
        openid=openid,
        transfer_amount=amount_minor,
        transfer_remark=remark[:_REMARK_CHARACTERS],
        notify_url=notify_url,
        transfer_scene_report_infos=[
            ReportInfo("岗位类型", "推广员"),
            ReportInfo("报酬说明", remark[:_REMARK_CHARACTERS]),
        ],
        user_name=encrypted(transport.credentials, name) if name else "",
    )
    return await transport.call("POST", BILLS, answer=TransferBill, body=body)


async def query_transfer(transport: WeChatPayTransport, out_bill_no: str) -> Outcome[TransferBill]:
    return await transport.call(
        "GET", f"{BILLS}/out-bill-no/{path_segment(out_bill_no)}", answer=TransferBill
    )


def encrypted(credentials: WeChatPayCredentials, text: str) -> str:
    """RSA-OAEP with SHA-1, as the vendor prescribes ("敏感信息加解密"); the padding's hash needs no
    collision resistance."""
    key = credentials.verifiers[credentials.answer_serial]
    padding = OAEP(mgf=MGF1(SHA1()), algorithm=SHA1(), label=None)  # noqa: S303
    return base64.b64encode(key.encrypt(text.encode(), padding)).decode()
