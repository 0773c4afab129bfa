"""Distribution: promoters, who belongs to whom, who brought an order, and what she earns for it.

Promises: joining is free; one paid tier, and no place in the schema for another; an order's
attribution is frozen with its reasons; every commission explains its amount and is in the ledger;
a refund reverses exactly its share.
"""

from weike.distribution.attribute_orders import Attributor, decide_attribution
from weike.distribution.estimate import Estimator
from weike.distribution.events import CommissionAvailable, PromoterJoined
from weike.distribution.join_promoter import join_promoter
from weike.distribution.keep_commissions import (
    EarningLine,
    EarningOrder,
    bring_up_to_date,
    earn_commissions,
    order_received,
    order_refunded,
    release_matured,
)
from weike.distribution.model import (
    AGREEMENT_VERSION,
    DEFAULT_PROGRAMME,
    BindingRules,
    Programme,
    PromoterState,
)
from weike.distribution.queries.commissions import pending_commission_minor
from weike.distribution.queries.promoters import joined_between, promoter_state
from weike.distribution.reconcile import CHECKS
from weike.distribution.set_programme import set_programme
from weike.distribution.suspend_promoter import resume_promoter, suspend_promoter
from weike.distribution.withdrawals.payees import PayeeSeal

__all__ = [
    "AGREEMENT_VERSION",
    "CHECKS",
    "DEFAULT_PROGRAMME",
    "Attributor",
    "BindingRules",
    "CommissionAvailable",
    "EarningLine",
    "EarningOrder",
    "Estimator",
    "PayeeSeal",
    "Programme",
    "PromoterJoined",
    "PromoterState",
    "bring_up_to_date",
    "decide_attribution",
    "earn_commissions",
    "join_promoter",
    "joined_between",
    "order_received",
    "order_refunded",
    "pending_commission_minor",
    "promoter_state",
    "release_matured",
    "resume_promoter",
    "set_programme",
    "suspend_promoter",
]
