"""A plan as a merchant wishes it, lawful or not. Most of what it can say could not be stored."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class PurchaseToJoin(StrEnum):
    NONE = "none"
    ANY_ORDER = "any_order"
    GIVEN_PRODUCT = "given_product"
    AMOUNT = "amount"
    """An amount within a time after applying."""
    PAST_SPENDING = "past_spending"
    """What she had bought before as an ordinary customer, refunds taken off."""


class LevelBy(StrEnum):
    """By what a promoter rises."""

    OWN_SALES = "own_sales"
    OWN_CUSTOMERS = "own_customers"
    EXAM = "exam"
    MATERIAL = "material"
    RECRUITS = "recruits"
    TEAM_SALES = "team_sales"
    OWN_PURCHASES = "own_purchases"
    FEE = "fee"


class SelfPurchase(StrEnum):
    NONE = "none"
    MEMBER_PRICE = "member_price"
    COMMISSION = "commission"


class TeamPay(StrEnum):
    NONE = "none"
    DIVIDEND = "dividend"
    REGION = "region"
    LEVEL_DIFFERENCE = "level_difference"
    """级差: the upline gets the difference between the two levels' rates."""


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rates in basis points of what is paid for goods, amounts in fen, times in days."""

    rate_bp: int = 1000
    tier2_bp: int = 0
    tier3_bp: int = 0
    cap_bp: int = 3000
    tier2_signatures: int = 0
    hold_days: int = 7
    after_sale_days: int = 7

    entry_fee_minor: int = 0
    deposit_minor: int = 0
    yearly_fee_minor: int = 0
    top_up_minor: int = 0
    purchase_to_join: PurchaseToJoin = PurchaseToJoin.NONE
    purchase_to_stay: bool = False
    stock_minor: int = 0
    """Goods a promoter must take into her own stock."""
    least_age: int = 18
    asks_age: bool = True

    head_cash_minor: int = 0
    head_points: int = 0
    head_coupon: bool = False
    heads_for_prize: int = 0
    """A prize at so many recruits; 0 for none."""
    recruit_purchase_bp: int = 0
    """Paid on what recruits buy for themselves."""

    team_pay: TeamPay = TeamPay.NONE
    levels: int = 1
    level_by: tuple[LevelBy, ...] = ()
    self_purchase: SelfPurchase = SelfPurchase.NONE
    share_reward_minor: int = 0
    """For the act of sharing, whether or not anybody buys."""
    expires_days: int = 0
    """After which unclaimed commission is lost; 0 for never."""
    forfeits_on_quit: bool = False
    least_payout_minor: int = 100
    invitation: str = ""
    """The words that invite others to join."""
