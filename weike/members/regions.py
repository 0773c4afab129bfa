"""Administrative codes of GB/T 2260: does a code belong to the names beside it?

Districts come and go every year and phones carry the whole list, so the server knows provinces
only: enough to catch a code and a name that were never chosen together.
"""

from __future__ import annotations

from weike.members.errors import RegionDoesNotFit

PROVINCES = {
    "11": "北京",
    "12": "天津",
    "13": "河北",
    "14": "山西",
    "15": "内蒙古",
    "21": "辽宁",
    "22": "吉林",
    "23": "黑龙江",
    "31": "上海",
    "32": "江苏",
    "33": "浙江",
    "34": "安徽",
    "35": "福建",
    "36": "江西",
    "37": "山东",
    "41": "河南",
    "42": "湖北",
    "43": "湖南",
    "44": "广东",
    "45": "广西",
    "46": "海南",
    "50": "重庆",
    "51": "四川",
    "52": "贵州",
    "53": "云南",
    "54": "西藏",
    "61": "陕西",
    "62": "甘肃",
    "63": "青海",
    "64": "宁夏",
    "65": "新疆",
    "71": "台湾",
    "81": "香港",
    "82": "澳门",
}
"""How the name of each begins; `省`, `市` and `自治区` may follow."""


def check_region(code: str, province: str) -> None:
    """Refuses with RegionDoesNotFit."""
    name = PROVINCES.get(code[:2])
    if len(code) != 6 or not code.isascii() or not code.isdigit() or code[2:] == "0000":
        raise RegionDoesNotFit(field="region_code")
    if name is None or not province.startswith(name):
        raise RegionDoesNotFit(field="region_code")
