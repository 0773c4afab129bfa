"""The rules that plans are measured by: what each says in short, where it stands, since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Source:
    """`article` as people look it up; `says` in one sentence; both in Chinese, the law's language,
    with an English rendering of ours."""

    article: str
    article_en: str
    says: str
    says_en: str
    since: date


PYRAMID_HEADS = Source(
    "《禁止传销条例》第七条第（一）项",
    "Regulation on Prohibiting Pyramid Selling, art. 7 (1)",
    "以发展人员的数量为依据给付报酬的，是传销。",
    "Paying by the number of people recruited is pyramid selling.",
    date(2005, 11, 1),
)
PYRAMID_FEE = Source(
    "《禁止传销条例》第七条第（二）项",
    "Regulation on Prohibiting Pyramid Selling, art. 7 (2)",
    "要求交纳费用，或以认购商品等方式变相交纳费用，取得加入或发展他人加入资格的，是传销。",
    "Charging a fee, or having goods bought in its place, for the right to join or recruit is "
    "pyramid selling.",
    date(2005, 11, 1),
)
PYRAMID_TEAM = Source(
    "《禁止传销条例》第七条第（三）项",
    "Regulation on Prohibiting Pyramid Selling, art. 7 (3)",
    "形成上下线关系，并以下线的销售业绩为依据计算和给付上线报酬的，是传销。",
    "Paying an upline on the sales of the downline is pyramid selling.",
    date(2005, 11, 1),
)
DIRECT_SELLING = Source(
    "《直销管理条例》第二十四条",
    "Regulation on Direct Selling, art. 24",
    "报酬总额不得超过直销员本人直接向消费者销售收入的 30%。",
    "Pay may not exceed 30 % of what the seller herself sold to consumers.",
    date(2005, 12, 1),
)
RETURNS = Source(
    "《消费者权益保护法》第二十五条",
    "Consumer Protection Law, art. 25",
    "网购商品，消费者有权自收到之日起七日内退货。",
    "What was bought online may be returned within seven days from receipt.",
    date(2014, 3, 15),
)
PROPERTY = Source(
    "《民法典》第三条、第五百零九条",
    "Civil Code, art. 3 and 509",
    "民事主体的财产权利受法律保护；当事人应当按照约定全面履行义务。",
    "Property is protected, and what was agreed must be performed.",
    date(2021, 1, 1),
)
HONEST_SALES = Source(
    "《电子商务法》第十七条",
    "E-commerce Law, art. 17",
    "不得以虚构交易等方式进行虚假或者引人误解的商业宣传。",
    "No fabricated transactions.",
    date(2019, 1, 1),
)
ADVERTISING = Source(
    "《广告法》第二十八条",
    "Advertising Law, art. 28",
    "广告以虚假或者引人误解的内容欺骗、误导消费者的，构成虚假广告。",
    "Advertising that misleads is false advertising.",
    date(2015, 9, 1),
)
INDUCED_SHARING = Source(
    "《微信外部链接内容管理规范》诱导分享",
    "WeChat rules on external links, induced sharing",
    "不得以奖励或其他方式诱导用户分享。",
    "Sharing may not be induced by rewards.",
    date(2019, 10, 28),
)
OWN_LIMIT = Source(
    "本系统的底线",
    "A limit of this product",
    "为守住法律风险，系统不提供这种设置。",
    "Kept so that the law is not even approached.",
    date(2026, 11, 1),
)
